'use strict';
// Draws the pages of one group of one layer by steps, and tells the life of the chosen page.
const runs = JSON.parse(document.getElementById('runs').textContent);
const id = name => document.getElementById(name);
const canvas = id('map');
const pen = canvas.getContext('2d');
const NONE = 0, FILLING = 1, DEVICE = 2, GONE = 3; // where a page is
const MARGIN = { left: 58, right: 10, top: 8, bottom: 40 };

let run = runs[0];
let stream = null; // the events shown: kinds, states, steps, pages, importances
let view = null; // the visible part: steps from s0 up to s1, pages from p0 up to p1
let chosen = null; // a cell: page and step
let byImportance = false;
let waiting = false;
let colours = {};

// ---- data ----

function decoded(text, count) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const words = new DataView(bytes.buffer);
  const events = {
    count, kinds: new Uint8Array(count), states: new Uint8Array(count), steps: new Int32Array(count),
    pages: new Int32Array(count), importances: new Float32Array(count).fill(NaN),
  };
  let at = 0, step = 0, page = 0;
  const varint = () => {
    let number = 0, scale = 1;
    for (;; scale *= 128) {
      const byte = bytes[at++];
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
  };
  for (let i = 0; i < count; i++) {
    const first = bytes[at++];
    events.kinds[i] = first & 7;
    events.states[i] = first >> 3 & 7;
    step += varint();
    const move = varint();
    page += move % 2 ? -(move + 1) / 2 : move / 2;
    events.steps[i] = step;
    events.pages[i] = page;
    if (first & 64) {
      events.importances[i] = words.getFloat32(at, true);
      at += 4;
    }
  }
  return events;
}

const kind = word => run.kinds.indexOf(word);
const isArrival = event => event === kind('recalled') || event === kind('prefetched');
const positionOf = step => run.promptTokens - 1 + step;
// The step in which a page gets its first token.
const openingStep = page => Math.max(0, page * run.tokensPerPage - run.promptTokens + 1);

function load() {
  const layer = Number(id('layer').value), group = Number(id('group').value);
  const found = run.streams.find(each => each.layer === layer && each.group === group);
  stream = found ? decoded(found.events, found.count) : decoded('', 0);
  stream.hasBackups = stream.kinds.includes(kind('backed-up'));
  const scores = stream.importances.filter(score => !Number.isNaN(score)).sort();
  const share = part => scores[Math.min(scores.length - 1, Math.floor(part * scores.length))];
  stream.lowest = scores.length ? share(.02) : 0;
  stream.highest = scores.length ? share(.98) : 0;
  stream.hasScores = scores.length > 0;
  for (const radio of document.querySelectorAll('[name=colour]')) {
    radio.disabled = radio.value === 'importance' && !stream.hasScores;
    if (radio.disabled) radio.parentElement.title = 'this trace has no importances here';
  }
  byImportance = stream.hasScores && document.querySelector('[name=colour]:checked').value === 'importance';
  legend();
  redraw();
  tell();
}

// ---- colours ----

function rgb(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}
const mix = (a, b, share) => a.map((part, i) => Math.round(part * share + b[i] * (1 - share)));
const css = colour => `rgb(${colour.join(',')})`;

function readColours() {
  const paper = rgb('paper');
  const dark = paper[0] < 128;
  colours = {
    paper, ink: rgb('ink'), muted: rgb('muted'), grid: rgb('grid'),
    filling: mix(rgb('grey'), paper, .75), device: mix(rgb('blue'), paper, dark ? .42 : .34), selected: rgb('blue'),
    recalled: rgb('green'), evicted: rgb('vermillion'), gone: mix(rgb('vermillion'), paper, dark ? .24 : .17),
    low: mix(rgb('orange'), paper, .45), middle: rgb('vermillion'), high: rgb('wine'),
    held: mix(rgb('grey'), paper, .3), away: mix(rgb('grey'), paper, .1),
  };
}

function scoreColour(score) {
  const range = stream.highest - stream.lowest;
  const share = range > 0 ? Math.min(1, Math.max(0, (score - stream.lowest) / range)) : 1;
  return share < .5 ? mix(colours.middle, colours.low, share * 2) : mix(colours.high, colours.middle, share * 2 - 1);
}

const goneWords = () => stream.hasBackups ? 'on the host alone' : 'evicted for good';

function legend() {
  readColours();
  const entry = (colour, text) => `<li><i style="background:${css(colour)}"></i>${text}</li>`;
  const number = score => score.toPrecision(3);
  const has = word => stream.kinds.includes(kind(word));
  id('legend').innerHTML = byImportance
    ? `<li><i class="scale" style="background:linear-gradient(90deg,${css(colours.low)},${css(colours.middle)},`
      + `${css(colours.high)})"></i>importance ${number(stream.lowest)} to ${number(stream.highest)}</li>`
      + entry(colours.held, 'on the device, no importance in this step') + entry(colours.away, goneWords())
    : (run.tokensPerPage > 1 ? entry(colours.filling, 'being filled') : '')
      + entry(colours.device, 'on the device')
      + (has('selected') ? entry(colours.selected, 'selected in this step') : '')
      + (has('recalled') || has('prefetched') ? entry(colours.recalled, 'recalled in this step') : '')
      + (has('evicted') ? entry(colours.evicted, 'evicted in this step') + entry(colours.gone, goneWords()) : '');
}

// ---- the map ----

const allSteps = () => run.steps + 1;
function whole() {
  view = { s0: 0, s1: allSteps(), p0: 0, p1: Math.max(1, run.pages) };
  redraw();
}

function area() {
  const box = canvas.getBoundingClientRect();
  return {
    left: MARGIN.left, top: MARGIN.top,
    width: Math.max(1, box.width - MARGIN.left - MARGIN.right),
    height: Math.max(1, box.height - MARGIN.top - MARGIN.bottom),
  };
}

// The cells of the view as an image: a pixel for a cell, or for several if there are more than the screen has pixels.
function image(columns, rows) {
  const { s0, s1, p0, p1 } = view;
  const pages = p1 - p0, steps = s1 - s0;
  const place = new Uint8Array(run.pages);
  const events = new Uint8Array(run.pages); // of this column: 1 selected, 2 arrived, 4 evicted
  const scores = new Float32Array(run.pages).fill(NaN); // of this column
  const touched = [];
  const picture = new ImageData(columns, rows);
  const filled = kind('filled'), evicted = kind('evicted'), selected = kind('selected');
  let next = 0, opened = 0;
  for (let column = 0; column < columns; column++) {
    const end = column === columns - 1 ? s1 : s0 + Math.floor((column + 1) * steps / columns);
    const start = s0 + Math.floor(column * steps / columns);
    for (; opened < run.pages && openingStep(opened) < end; opened++) {
      if (run.tokensPerPage > 1) place[opened] = FILLING;
    }
    for (; next < stream.count && stream.steps[next] < end; next++) {
      const page = stream.pages[next], event = stream.kinds[next];
      const inColumn = stream.steps[next] >= start;
      if (inColumn) touched.push(page);
      let mark = 0;
      if (event === filled) place[page] = DEVICE;
      else if (event === evicted) { place[page] = GONE; mark = stream.steps[next] > 0 ? 4 : 0; }
      else if (isArrival(event)) { place[page] = DEVICE; mark = 2; }
      else if (event === selected) mark = 1;
      if (inColumn) {
        events[page] |= mark;
        if (!Number.isNaN(stream.importances[next])) scores[page] = stream.importances[next];
      }
    }
    for (let row = 0; row < rows; row++) {
      const from = p0 + Math.floor(row * pages / rows);
      const to = Math.max(from + 1, p0 + Math.floor((row + 1) * pages / rows));
      const colour = cell(from, Math.min(to, run.pages), place, events, scores);
      if (colour) picture.data.set([...colour, 255], 4 * (row * columns + column));
    }
    for (const page of touched) {
      events[page] = 0;
      scores[page] = NaN;
    }
    touched.length = 0;
  }
  return picture;
}

// The colour of some pages in some steps: an event is seen even if it is that of one page among many.
function cell(from, to, place, events, scores) {
  let device = 0, gone = 0, filling = 0, marks = 0, best = NaN;
  for (let page = from; page < to; page++) {
    const at = place[page];
    if (at === DEVICE) device++;
    else if (at === GONE) gone++;
    else if (at === FILLING) filling++;
    if (at === DEVICE) marks |= events[page] & 3;
    if (at === GONE) marks |= events[page] & 4;
    if (!(scores[page] <= best)) best = Number.isNaN(scores[page]) ? best : scores[page];
  }
  if (device + gone + filling === 0) return null;
  if (byImportance) {
    if (!Number.isNaN(best)) return scoreColour(best);
    return mix(colours.held, colours.away, (device + filling) / (device + gone + filling));
  }
  if (marks & 2) return colours.recalled;
  if (marks & 4) return colours.evicted;
  if (marks & 1) return colours.selected;
  if (device + gone === 0) return colours.filling;
  return mix(colours.device, colours.gone, device / (device + gone));
}

const stepX = (step, plot) => plot.left + (step - view.s0) * plot.width / (view.s1 - view.s0);
const pageY = (page, plot) => plot.top + (page - view.p0) * plot.height / (view.p1 - view.p0);

function ticks(from, to, most) {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const width = [1, 2, 5, 10].map(n => n * power).find(each => each >= rough && each >= 1);
  const all = [];
  for (let tick = Math.ceil(from / width) * width; tick < to; tick += width) all.push(tick);
  return all;
}

function axes(plot) {
  pen.font = '12px system-ui, sans-serif';
  pen.fillStyle = pen.strokeStyle = css(colours.muted);
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  const row = plot.height / (view.p1 - view.p0), column = plot.width / (view.s1 - view.s0);
  for (const page of ticks(view.p0, view.p1, plot.height / 44)) {
    const y = pageY(page, plot) + Math.min(row / 2, 6);
    pen.fillRect(plot.left - 4, y, 4, 1);
    pen.fillText(page, plot.left - 8, y);
  }
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const step of ticks(view.s0, view.s1, plot.width / 70)) {
    const x = stepX(step, plot) + Math.min(column / 2, 6);
    pen.fillRect(x, plot.top + plot.height, 1, 4);
    pen.fillText(step, x, plot.top + plot.height + 7);
  }
  pen.fillText('step', plot.left + plot.width / 2, plot.top + plot.height + 23);
  pen.save();
  pen.translate(11, plot.top + plot.height / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = 'middle';
  pen.fillText(run.unit, 0, 0);
  pen.restore();
}

function draw() {
  waiting = false;
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const plot = area();
  const columns = Math.min(view.s1 - view.s0, Math.floor(plot.width * ratio));
  const rows = Math.min(view.p1 - view.p0, Math.floor(plot.height * ratio));
  const cells = document.createElement('canvas');
  cells.width = columns;
  cells.height = rows;
  cells.getContext('2d').putImageData(image(columns, rows), 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(cells, plot.left, plot.top, plot.width, plot.height);
  pen.strokeStyle = css(colours.grid);
  pen.strokeRect(plot.left - .5, plot.top - .5, plot.width + 1, plot.height + 1);
  axes(plot);
  pen.save();
  pen.beginPath();
  pen.rect(plot.left - 3, plot.top - 3, plot.width + 6, plot.height + 6);
  pen.clip();
  if (chosen) {
    const y = pageY(chosen.page, plot), height = Math.max(3, pageY(chosen.page + 1, plot) - y);
    const x = stepX(chosen.step, plot), width = Math.max(3, stepX(chosen.step + 1, plot) - x);
    pen.strokeStyle = css(colours.ink);
    pen.lineWidth = 1.5;
    pen.strokeRect(plot.left - 1, y - 1, plot.width + 2, height + 2);
    pen.lineWidth = 2;
    pen.strokeRect(x - 2, y - 3, width + 4, height + 6);
  }
  if (drag && drag.moved) {
    pen.fillStyle = css(colours.ink);
    pen.globalAlpha = .15;
    pen.fillRect(Math.min(drag.x, drag.toX), Math.min(drag.y, drag.toY), Math.abs(drag.toX - drag.x),
      Math.abs(drag.toY - drag.y));
  }
  pen.restore();
}

function redraw() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(draw);
  }
}

// ---- words ----

const visible = text => text.replace(/\n/g, '⏎\n').replace(/[\u0000-\u0009\u000b-\u001f]/g, '·');
function textOf(from, to) {
  return run.texts.slice(Math.max(0, from), Math.max(0, to)).map(text => text || '').join('');
}
function tokensOf(page) {
  const from = page * run.tokensPerPage;
  return { from, to: Math.min(from + run.tokensPerPage, run.promptTokens + run.steps) };
}
function namedTokens(page) {
  const { from, to } = tokensOf(page);
  return to - from === 1 ? `token ${from}` : `tokens ${from} to ${to - 1}`;
}
// In the list of pages, one page is "page 36"; where pages are tokens, "token 36".
const named = page => `${run.unit} ${page}`;

// What is known of a page at the end of a step.
function moment(page, step) {
  let place = openingStep(page) <= step ? run.tokensPerPage > 1 ? FILLING : DEVICE : NONE;
  const now = [];
  let score = NaN;
  for (let i = 0; i < stream.count && stream.steps[i] <= step; i++) {
    if (stream.pages[i] !== page) continue;
    const event = stream.kinds[i];
    if (event === kind('filled') || isArrival(event)) place = DEVICE;
    if (event === kind('evicted')) place = GONE;
    if (stream.steps[i] === step) {
      now.push(run.kinds[event]);
      if (!Number.isNaN(stream.importances[i])) score = stream.importances[i];
    }
  }
  const words = ['not there yet', 'being filled', 'on the device', goneWords()][place];
  return words + (now.length ? ': ' + now.join(', ') : '')
    + (Number.isNaN(score) ? '' : `; importance ${score.toFixed(2)}`);
}

function status(at) {
  if (!at) {
    id('status').textContent = 'Point at a cell to read about it.';
    return;
  }
  const { from, to } = tokensOf(at.page);
  const text = textOf(from, to);
  const step = at.step === 0 ? 'prompt' : `step ${at.step}`;
  const read = at.step > 0 && run.texts[positionOf(at.step)]
    ? `, which reads “${visible(run.texts[positionOf(at.step)])}”` : '';
  id('status').textContent = `${step}${read}. ${named(at.page)}`
    + (run.tokensPerPage > 1 ? `, ${namedTokens(at.page)}` : '') + (text ? ` “${visible(text)}”` : '')
    + `: ${moment(at.page, at.step)}.`;
}

// Why it happened, from the events around it.
function reason(i) {
  const event = run.kinds[stream.kinds[i]];
  const follows = stream.steps[i + 1] === stream.steps[i] && i + 1 < stream.count ? i + 1 : -1;
  switch (event) {
    case 'filled': return stream.steps[i] === 0 ? 'part of the prompt' : 'its last token was written';
    case 'backed-up': return 'the copy on the host is complete';
    case 'selected': return isMiss(i) ? 'among the winners, but it has no frame' : 'among the winners';
    case 'recalled': return 'a winner without a frame';
    case 'prefetched': return 'the query of the layer before selects it';
    case 'unused': return 'prefetched, but not among the winners';
    case 'evicted':
      if (stream.steps[i] === 0) return 'the prompt was cut down to the budget';
      if (follows >= 0 && isArrival(stream.kinds[follows]) && stream.pages[follows] !== stream.pages[i]) {
        return `makes room for ${named(stream.pages[follows])}`;
      }
      return run.tokensPerPage > 1 ? 'a new page opened' : 'makes room for the new token';
    default: return '';
  }
}
const isMiss = i => run.states[stream.states[i]] === 'absent';

const tint = {
  filled: 'grey', 'backed-up': 'grey', selected: 'blue', recalled: 'green', prefetched: 'green', unused: 'grey',
  evicted: 'vermillion',
};

// The chosen page's events; selections that follow each other are one row.
function lifeRows(page) {
  const rows = [];
  for (let i = 0; i < stream.count; i++) {
    if (stream.pages[i] !== page) continue;
    const event = run.kinds[stream.kinds[i]];
    const last = rows[rows.length - 1];
    if (event === 'selected' && last && last.event === 'selected' && !last.miss && !isMiss(i)) {
      last.to = stream.steps[i];
      last.times++;
      last.score = Math.max(last.score, stream.importances[i]);
    } else {
      rows.push({
        event, step: stream.steps[i], to: stream.steps[i], times: 1, state: run.states[stream.states[i]],
        score: stream.importances[i], why: reason(i), miss: event === 'selected' && isMiss(i),
      });
    }
  }
  return rows;
}

function tell() {
  id('life').hidden = !chosen;
  status(chosen);
  if (!chosen) return;
  const { from, to } = tokensOf(chosen.page);
  const layer = `layer ${id('layer').value}`;
  const group = run.groups.length > 1 ? `, ${run.groups[Number(id('group').value)]}` : '';
  id('life-title').textContent = `The life of ${named(chosen.page)} in ${layer}${group}`;
  const words = id('life-text');
  words.replaceChildren();
  words.hidden = !run.texts.length;
  const mark = document.createElement('mark');
  mark.textContent = visible(textOf(from, to)) || '(text unknown)';
  words.append(from > 32 ? '… ' : '', visible(textOf(from - 32, from)), mark, visible(textOf(to, to + 32)),
    run.texts.length > to + 32 ? ' …' : '');
  const rows = lifeRows(chosen.page);
  const body = id('events');
  body.replaceChildren();
  if (!rows.length) {
    body.insertRow().insertCell().outerHTML = '<td colspan="5">No event: it is being filled until the run ends.</td>';
  }
  for (const row of rows) {
    const line = body.insertRow();
    const step = document.createElement('th');
    step.scope = 'row';
    step.className = 'number';
    step.textContent = row.step === 0 ? 'prompt' : row.to > row.step ? `${row.step} to ${row.to}` : row.step;
    line.append(step);
    const event = line.insertCell();
    event.innerHTML = `<i style="background:var(--${tint[row.event]})"></i>`;
    event.append(row.times > 1 ? `${row.event}, ${row.times} times` : row.event);
    line.insertCell().textContent = row.state;
    const score = line.insertCell();
    score.className = 'number';
    score.textContent = Number.isNaN(row.score) ? '' : row.score.toFixed(2) + (row.times > 1 ? ' at most' : '');
    line.insertCell().textContent = row.why;
  }
}

// ---- choosing ----

function choose(cellAt) {
  chosen = cellAt && {
    page: Math.min(run.pages - 1, Math.max(0, cellAt.page)), step: Math.min(run.steps, Math.max(0, cellAt.step)),
  };
  if (chosen) {
    id('number').value = chosen.page;
    const shift = (at, from, to, end) => at < from ? at - from : at >= to ? Math.min(at - to + 1, end - to) : 0;
    const steps = shift(chosen.step, view.s0, view.s1, allSteps());
    const pages = shift(chosen.page, view.p0, view.p1, run.pages);
    view.s0 += steps; view.s1 += steps; view.p0 += pages; view.p1 += pages;
  }
  redraw();
  tell();
}

function zoom(factor) {
  const part = (from, to, end, middle) => {
    const size = Math.min(end, Math.max(4, Math.round((to - from) * factor)));
    const start = Math.max(0, Math.min(end - size, Math.round(middle - size / 2)));
    return [start, start + size];
  };
  const { s0, s1, p0, p1 } = view;
  [view.s0, view.s1] = part(s0, s1, allSteps(), chosen ? chosen.step : (s0 + s1) / 2);
  [view.p0, view.p1] = part(p0, p1, run.pages, chosen ? chosen.page : (p0 + p1) / 2);
  redraw();
}

function cellAt(event) {
  const plot = area();
  const share = (at, start, size) => Math.min(1 - 1e-9, Math.max(0, (at - start) / size));
  return {
    step: Math.floor(view.s0 + share(event.offsetX, plot.left, plot.width) * (view.s1 - view.s0)),
    page: Math.floor(view.p0 + share(event.offsetY, plot.top, plot.height) * (view.p1 - view.p0)),
  };
}

let drag = null;
canvas.addEventListener('pointerdown', event => {
  drag = { x: event.offsetX, y: event.offsetY, from: cellAt(event), moved: false };
});
canvas.addEventListener('pointermove', event => {
  if (drag && event.pointerType === 'mouse') {
    drag.toX = event.offsetX;
    drag.toY = event.offsetY;
    drag.moved = Math.abs(drag.toX - drag.x) > 8 && Math.abs(drag.toY - drag.y) > 8;
    redraw();
  }
  if (!chosen && !drag) status(cellAt(event));
});
canvas.addEventListener('pointerup', event => {
  if (!drag) return;
  const to = cellAt(event), from = drag.from;
  if (drag.moved) {
    Object.assign(view, {
      s0: Math.min(from.step, to.step), s1: Math.max(from.step, to.step) + 1,
      p0: Math.min(from.page, to.page), p1: Math.max(from.page, to.page) + 1,
    });
    redraw();
  } else {
    choose(to);
  }
  drag = null;
});
canvas.addEventListener('pointerleave', () => {
  drag = null;
  status(chosen);
  redraw();
});
canvas.addEventListener('keydown', event => {
  const by = event.shiftKey ? 10 : 1;
  const move = { ArrowLeft: [0, -by], ArrowRight: [0, by], ArrowUp: [-by, 0], ArrowDown: [by, 0] }[event.key];
  if (move) {
    choose(chosen ? { page: chosen.page + move[0], step: chosen.step + move[1] } : { page: view.p0, step: view.s0 });
  } else if (event.key === 'Home' || event.key === 'End') {
    choose({ page: chosen ? chosen.page : view.p0, step: event.key === 'Home' ? 0 : run.steps });
  } else if (event.key === '+' || event.key === '=') zoom(.5);
  else if (event.key === '-') zoom(2);
  else if (event.key === '0') whole();
  else if (event.key === 'Escape') choose(null);
  else return;
  event.preventDefault();
});

id('in').addEventListener('click', () => zoom(.5));
id('out').addEventListener('click', () => zoom(2));
id('whole').addEventListener('click', whole);
id('controls').addEventListener('submit', event => event.preventDefault());
id('number').addEventListener('change', event => {
  if (event.target.value !== '') choose({ page: Number(event.target.value), step: chosen ? chosen.step : run.steps });
});
id('find').addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.value) return;
  event.preventDefault();
  const from = chosen ? textOf(0, tokensOf(chosen.page).to).length : 0;
  const all = textOf(0, run.texts.length).toLowerCase();
  const words = event.target.value.toLowerCase();
  const after = all.indexOf(words, from);
  const at = after >= 0 ? after : all.indexOf(words);
  if (at < 0) {
    id('status').textContent = `The text of this run has no “${event.target.value}”.`;
    return;
  }
  let read = 0, position = 0;
  for (; position < run.texts.length && read + (run.texts[position] || '').length <= at; position++) {
    read += (run.texts[position] || '').length;
  }
  choose({ page: Math.floor(position / run.tokensPerPage), step: chosen ? chosen.step : run.steps });
});
for (const radio of document.querySelectorAll('[name=colour]')) {
  radio.addEventListener('change', () => load());
}
for (const name of ['layer', 'group']) id(name).addEventListener('change', load);

function options(select, names) {
  const before = select.value;
  select.replaceChildren(...names.map((name, value) => new Option(name, value)));
  if (before && Number(before) < names.length) select.value = before;
  select.parentElement.hidden = names.length < 2;
}

function show(index) {
  run = runs[index];
  options(id('layer'), Array.from({ length: run.layers }, (_, layer) => String(layer)));
  options(id('group'), run.groups);
  id('number-label').textContent = run.unit[0].toUpperCase() + run.unit.slice(1);
  id('number').max = run.pages - 1;
  id('find').parentElement.hidden = !run.texts.length;
  canvas.setAttribute('aria-label', `Map of ${run.pages} ${run.unit}s by ${allSteps()} steps. The line below tells the`
    + ' chosen cell, and the table below it the life of its ' + run.unit + '.');
  for (const section of document.querySelectorAll('.run')) section.hidden = Number(section.dataset.run) !== index;
  chosen = null;
  whole();
  load();
}

options(id('run'), runs.map(each => each.name));
id('run').addEventListener('change', event => show(Number(event.target.value)));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { legend(); redraw(); });
new ResizeObserver(redraw).observe(canvas);
// The first layer in which something leaves shows more than the first of all.
const evicts = runs[0].streams.find(each => {
  const { kinds } = decoded(each.events, each.count);
  return kinds.includes(runs[0].kinds.indexOf('evicted'));
});
options(id('layer'), Array.from({ length: run.layers }, (_, layer) => String(layer)));
if (evicts) id('layer').value = evicts.layer;
show(0);
