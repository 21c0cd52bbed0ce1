// A text as a QR code, drawn on this device: what stands in it is in no request.
import encodeQR from 'qr';

/** A picture in an address of its own. */
export function qr(text: string): string {
  return `data:image/svg+xml,${encodeURIComponent(encodeQR(text, 'svg', { ecc: 'medium', border: 4 }))}`;
}
