// A button with a menu of choices, by the menu button pattern of the ARIA practices guide.

export class Menu {
  /**
   * @param {HTMLElement} host gets the button and the list
   * @param {{label: string, icon: string, choose: (id) => void}} options `icon` is the path of a 24×24 drawing
   */
  constructor(host, {label, icon, choose}) {
    this.host = host;
    this.label = label;
    this.choose = choose;
    this.items = [];
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.setAttribute('aria-haspopup', 'menu');
    this.button.setAttribute('aria-expanded', 'false');
    this.button.innerHTML = `<svg aria-hidden="true" viewBox="0 0 24 24"><path d="${icon}"/></svg><span></span>`;
    this.list = document.createElement('ul');
    this.list.setAttribute('role', 'menu');
    this.list.setAttribute('aria-label', label);
    this.list.hidden = true;
    host.append(this.button, this.list);
    this.button.addEventListener('click', () => this.toggle(this.list.hidden));
    this.button.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      event.stopPropagation();
      this.toggle(true);
    });
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    host.addEventListener('focusout', (event) => {
      if (!host.contains(event.relatedTarget)) this.toggle(false);
    });
    document.addEventListener('pointerdown', (event) => {
      if (!host.contains(event.target)) this.toggle(false);
    });
  }

  /** @param {{id: any, label: string, detail?: string}[]} items */
  show(items, selected, caption = '') {
    this.button.querySelector('span').textContent = caption;
    const name = items.find((item) => item.id === selected)?.label ?? '';
    this.button.setAttribute('aria-label', name ? `${this.label}: ${name}` : this.label);
    const same = items.length === this.items.length &&
      items.every((item, index) => item.id === this.items[index].id && item.label === this.items[index].label && item.detail === this.items[index].detail);
    this.items = items;
    if (!same) this.list.replaceChildren(...items.map((item, index) => this.entry(item, index)));
    this.entries().forEach((entry, index) => entry.setAttribute('aria-checked', String(items[index].id === selected)));
  }

  entry(item, index) {
    const entry = document.createElement('li');
    entry.setAttribute('role', 'menuitemradio');
    entry.tabIndex = -1;
    const label = document.createElement('span');
    label.textContent = item.label;
    entry.append(label);
    if (item.detail) {
      const detail = document.createElement('span');
      detail.className = 'detail';
      detail.textContent = item.detail;
      entry.append(detail);
    }
    entry.addEventListener('click', () => this.pick(index));
    return entry;
  }

  entries() { return Array.from(this.list.children); }

  pick(index) {
    this.toggle(false);
    this.button.focus();
    this.choose(this.items[index].id);
  }

  toggle(open) {
    if (this.list.hidden === !open) return;
    this.list.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
    if (open) (this.list.querySelector('[aria-checked="true"]') || this.list.firstElementChild)?.focus();
  }

  onKey(event) {
    const entries = this.entries();
    const at = entries.indexOf(document.activeElement);
    const moves = {
      ArrowDown: () => entries[(at + 1) % entries.length].focus(),
      ArrowUp: () => entries[(at - 1 + entries.length) % entries.length].focus(),
      Home: () => entries[0].focus(),
      End: () => entries[entries.length - 1].focus(),
      Enter: () => this.pick(at),
      ' ': () => this.pick(at),
      Escape: () => { this.toggle(false); this.button.focus(); },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }
}
