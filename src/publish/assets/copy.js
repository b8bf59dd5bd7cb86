// A button to copy each block of code. The page is whole without it: a block is selected with one click.
for (const block of document.querySelectorAll('pre.json')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy: ${block.getAttribute('aria-label')}`);
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    let done = 'Copied';
    try {
      await navigator.clipboard.writeText(block.textContent);
    } catch {
      // No clipboard without https, or none allowed: then the reader's own copying does.
      getSelection().selectAllChildren(block);
      done = 'Selected';
    }
    button.textContent = done;
    said.textContent = done;
    setTimeout(() => {
      button.textContent = 'Copy';
      said.textContent = '';
    }, 2000);
  });
  const frame = document.createElement('div');
  frame.className = 'copyable';
  block.replaceWith(frame);
  frame.append(block, button, said);
}
