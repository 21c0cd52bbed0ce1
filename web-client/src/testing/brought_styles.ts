// The styles that scripts bring into their pages, whole and exactly as they do: the client's build allows each by its hash. It
// must not need a browser.
import { DRAWN_STYLE } from '../phone/later/style';
import { KIOSK_STYLE } from '../phone/tablet/style';
import { paperRule } from '../print/paper_rule';

export const broughtStyles = {
  phone: [DRAWN_STYLE],
  kiosk: [DRAWN_STYLE, KIOSK_STYLE],
  print: [paperRule('portrait'), paperRule('landscape')],
};
