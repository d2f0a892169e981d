// What Anki's reviewer does for an image-occlusion card, as far as it can be seen: the picture's proportions for the box,
// and a rectangle on the canvas for every mask that the engine left in the card, in the colours of the card's CSS.
globalThis.anki = { imageOcclusion: { setup() { this.drawn = draw(); } } };

async function draw() {
    const container = document.getElementById("image-occlusion-container");
    const canvas = document.getElementById("image-occlusion-canvas");
    const image = container.querySelector("img");
    await image.decode();
    container.style.aspectRatio = `${image.naturalWidth / image.naturalHeight}`;
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const style = getComputedStyle(canvas);
    for (const [selector, name] of [["cloze", "active"], ["cloze-inactive", "inactive"], ["cloze-highlight", "highlight"]]) {
        const [width, colour] = style.getPropertyValue(`--${name}-shape-border`).trim().split(" ");
        const context = canvas.getContext("2d");
        context.fillStyle = style.getPropertyValue(`--${name}-shape-color`);
        context.strokeStyle = colour;
        context.lineWidth = parseFloat(width);
        for (const { dataset } of document.querySelectorAll(`div.${selector}`)) {
            if (name === "inactive" && dataset.occludeinactive !== "1") continue;
            const { left, top, width: wide, height } = dataset;
            const box = [left * canvas.width, top * canvas.height, wide * canvas.width, height * canvas.height];
            context.fillRect(...box);
            context.strokeRect(...box);
        }
    }
}
