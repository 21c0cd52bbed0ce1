// How the words look that a shared tablet lays over the phone's page. It knows no page: the client's build reads it too.

export const KIOSK_STYLE = `
.kiosk-bar{display:flex;align-items:center;justify-content:space-between;min-height:68px;padding:4px 16px;background:#1f1a17;color:#fff;font-size:18px}
.kiosk-bar button{min-height:60px;padding:4px 16px;border:1.5px solid #fff;border-radius:8px;background:transparent;color:#fff;font:inherit}
.kiosk-layer{position:fixed;z-index:9;top:0;right:0;bottom:0;left:0;display:flex;align-items:center;justify-content:center;padding:16px;background:rgba(31,26,23,.86)}
.kiosk-layer[hidden]{display:none}
.kiosk-layer section{width:100%;max-width:560px;padding:24px;border-top:6px solid var(--red);border-radius:10px;background:#fff;color:var(--ink)}
.kiosk-layer h2{font-size:26px}
.kiosk-layer p{margin:14px 0;font-size:20px;line-height:1.6}
.kiosk-layer button{display:block;width:100%;min-height:64px;margin-top:12px}
`;
