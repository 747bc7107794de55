'use strict';
// Draws each scene again, as FirstView does, after the reader has turned it.
for (const section of document.querySelectorAll('.scene')) {
  const scene = JSON.parse(section.querySelector('script[type="application/json"]').textContent);
  const stage = section.querySelector('.stage');
  const svg = stage.querySelector('svg');
  const start = { yaw: scene.yaw, pitch: scene.pitch, distance: scene.distance };
  let camera = { ...start };
  let kind = scene.kinds.indexOf(section.querySelector('.choice input:checked').value);
  let chosen = -1;
  let waiting = false;

  const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  const scale = (a, s) => [a[0] * s, a[1] * s, a[2] * s];
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const fixed = number => number.toFixed(1);

  // The camera's own axes: to the right, upwards, and towards what it looks at.
  function axes() {
    const { yaw, pitch } = camera;
    const away = [Math.cos(pitch) * Math.sin(yaw), Math.sin(pitch), Math.cos(pitch) * Math.cos(yaw)];
    const right = [Math.cos(yaw), 0, -Math.sin(yaw)];
    const up = [-Math.sin(pitch) * Math.sin(yaw), Math.cos(pitch), -Math.sin(pitch) * Math.cos(yaw)];
    return { right, up, away };
  }

  function draw() {
    waiting = false;
    const view = axes();
    const half = scene.size / 2;
    const see = point => {
      const from = add(point, scale(scene.middle, -1));
      const depth = Math.max(camera.distance / 100, camera.distance - dot(from, view.away));
      const zoom = half / (scene.slope * depth);
      return { x: half + dot(from, view.right) * zoom, y: half - dot(from, view.up) * zoom, depth };
    };
    const line = (a, b, rest) =>
      `<line x1="${fixed(a.x)}" y1="${fixed(a.y)}" x2="${fixed(b.x)}" y2="${fixed(b.y)}" ${rest}/>`;
    const circle = (at, radius, rest) =>
      `<circle cx="${fixed(at.x)}" cy="${fixed(at.y)}" r="${fixed(radius)}" ${rest}/>`;

    const box = (center, radii) => {
      const corner = i => see(add(center, [0, 1, 2].map(axis => (i >> axis & 1 ? 1 : -1) * radii[axis])));
      let edges = '';
      for (let i = 0; i < 8; i++) {
        for (const bit of [1, 2, 4]) {
          if (!(i & bit)) edges += line(corner(i), corner(i | bit), '');
        }
      }
      return edges;
    };
    const ball = (center, radius) => {
      const at = see(center);
      const seen = radius / Math.sqrt(Math.max(1e-9, at.depth ** 2 - radius ** 2)) / scene.slope * half;
      return circle(at, seen, 'fill="currentColor" fill-opacity=".1"');
    };
    const page = (data, index) => {
      const [center, radii, farthest] = data.volumes[kind];
      const best = see(data.keys[data.best]);
      const guess = see(farthest);
      const volume = scene.boxes[kind] ? box(center, radii) : radii[0] > 0 ? ball(center, radii[0]) : '';
      const diamond = `<path d="M${fixed(guess.x)} ${fixed(guess.y - 6)}l6 6l-6 6l-6 -6z" fill="currentColor" stroke="none"/>`;
      return `<g style="color:${data.color}" stroke="currentColor" fill="none" stroke-width="1.1"`
        + `${chosen >= 0 && chosen !== index ? ' opacity=".13"' : ''}>${volume}`
        + data.keys.map(key => circle(see(key), 2.6, 'fill="currentColor" stroke="none"')).join('')
        + line(best, guess, 'stroke-width="1.4" stroke-dasharray="3 3"') + circle(best, 5.5, '') + diamond + '</g>';
    };
    const arrow = () => {
      const from = see(scene.middle);
      const to = see(add(scene.middle, scale(scene.query, scene.reach)));
      const angle = Math.atan2(to.y - from.y, to.x - from.x);
      const wing = side => {
        const turn = angle + side * 154 * Math.PI / 180;
        return line(to, { x: to.x + 12 * Math.cos(turn), y: to.y + 12 * Math.sin(turn) }, '');
      };
      return `<g style="stroke:var(--ink)" stroke-width="2.4" stroke-linecap="round">${line(from, to, '')}${wing(-1)}${wing(1)}</g>`
        + `<text style="fill:var(--ink)" font-size="14" font-weight="bold" text-anchor="middle" `
        + `x="${fixed(to.x + 14 * Math.cos(angle))}" y="${fixed(to.y + 14 * Math.sin(angle) + 4)}">q</text>`;
    };

    const far = scene.pages.map((data, index) => ({ index, depth: see(data.volumes[kind][0]).depth }));
    far.sort((a, b) => (a.index === chosen) - (b.index === chosen) || b.depth - a.depth);
    svg.innerHTML = arrow() + far.map(({ index }) => page(scene.pages[index], index)).join('');
  }

  function redraw() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(draw);
    }
  }

  function turn(yaw, pitch, nearer) {
    camera.yaw += yaw;
    camera.pitch = Math.min(1.5, Math.max(-1.5, camera.pitch + pitch));
    camera.distance = Math.min(start.distance * 2, Math.max(start.distance / 3, camera.distance * nearer));
    redraw();
  }

  let last = null;
  stage.addEventListener('pointerdown', event => {
    last = event;
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', event => {
    if (!last) return;
    turn((last.clientX - event.clientX) * .01, (event.clientY - last.clientY) * .01, 1);
    last = event;
  });
  for (const end of ['pointerup', 'pointercancel']) {
    stage.addEventListener(end, () => { last = null; });
  }
  stage.addEventListener('wheel', event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    turn(0, 0, Math.exp(event.deltaY * .005));
  }, { passive: false });
  stage.addEventListener('dblclick', () => { camera = { ...start }; redraw(); });
  const keys = {
    ArrowLeft: [.1, 0, 1], ArrowRight: [-.1, 0, 1], ArrowUp: [0, -.1, 1], ArrowDown: [0, .1, 1],
    '+': [0, 0, .9], '=': [0, 0, .9], '-': [0, 0, 1 / .9],
  };
  stage.addEventListener('keydown', event => {
    if (event.key in keys) {
      event.preventDefault();
      turn(...keys[event.key]);
    }
  });

  section.querySelector('.choice').addEventListener('change', event => {
    kind = scene.kinds.indexOf(event.target.value);
    for (const block of section.querySelectorAll('.kind')) {
      block.hidden = block.dataset.kind !== event.target.value;
    }
    redraw();
  });
  const buttons = [...section.querySelectorAll('.pages button')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const index = Number(button.dataset.page);
      chosen = chosen === index ? -1 : index;
      for (const each of buttons) {
        each.setAttribute('aria-pressed', String(Number(each.dataset.page) === chosen));
      }
      redraw();
    });
  }
  draw();
}
