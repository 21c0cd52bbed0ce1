// A picture that looks like a QR code, for layouts only: nobody can scan it. The real one comes from the server.

export function qrLike(seed: string, modules = 29): string {
  let random = [...seed].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7);
  const dark = () => {
    random = (random * 1664525 + 1013904223) >>> 0;
    return random >>> 31 === 1;
  };
  const isFinder = (x: number, y: number) => {
    const inside = (left: number, top: number) => x >= left - 1 && x <= left + 7 && y >= top - 1 && y <= top + 7;
    return inside(0, 0) || inside(modules - 7, 0) || inside(0, modules - 7);
  };
  let path = '';
  for (let y = 0; y < modules; y += 1) {
    for (let x = 0; x < modules; x += 1) {
      const on = dark();
      if (on && !isFinder(x, y)) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  for (const [left, top] of [
    [0, 0],
    [modules - 7, 0],
    [0, modules - 7],
  ]) {
    path += `M${left} ${top}h7v7h-7zM${left + 1} ${top + 1}v5h5v-5zM${left + 2} ${top + 2}h3v3h-3z`;
  }
  const size = modules + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M-2-2h${size}v${size}h-${size}z"/><path d="${path}" fill-rule="evenodd"/></svg>`;
}
