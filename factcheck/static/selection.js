// What is selected or pointed at, in code points of the article's text. The page says
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

// Returns the place in the words of `root` under a point of the window, else null.
export function placeAt(root, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const range = caret ? null : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? range?.startContainer;
  const piece = node?.parentElement?.closest("[data-at]");
  return piece && root.contains(piece) ? { node, offset: caret?.offset ?? range.startOffset } : null;
}

// Returns the offset in the text of a place that `placeAt` found.
export function offsetAt({ node, offset }) {
  return offsetIn(node.parentElement.closest("[data-at]"), node, offset, 0);
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
