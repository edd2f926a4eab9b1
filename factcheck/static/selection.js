// What is selected with the pointer, as a span of the article's text in code points. The page says
// with data-at where each stretch of the text begins; JavaScript counts UTF-16 units, which are
// turned into code points here and nowhere else.

// Returns [start, end] when words inside `root` are selected, else null.
export function selectedSpan(root) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const pieces = [...root.querySelectorAll("[data-at]")].filter((piece) => range.intersectsNode(piece));
  if (!pieces.length || !root.contains(range.commonAncestorContainer)) return null;
  const start = offsetIn(pieces[0], range.startContainer, range.startOffset, 0);
  const last = pieces.at(-1);
  const end = offsetIn(last, range.endContainer, range.endOffset, lengthOf(last.textContent));
  return end > start ? [start, end] : null;
}

// The offset of a place in the text, or `otherwise` counted from the piece where it lies outside.
function offsetIn(piece, container, offset, otherwise) {
  const begin = Number(piece.dataset.at);
  if (!piece.contains(container)) return begin + otherwise;
  const before = document.createRange();
  before.selectNodeContents(piece);
  before.setEnd(container, offset);
  return begin + lengthOf(before.toString());
}

function lengthOf(text) {
  return [...text].length;
}
