// SPDX-License-Identifier: ISC
// screen.js: the screen of a run: digits that change each minute, its state in words, full screen, a display that stays awake.
// The count is live.js's business. Time is the server's, by the Date of its answers: a laptop's clock may be wrong.

const stage = document.querySelector('.stage'), digits = document.getElementById('digits'), left = document.getElementById('left');
const bar = left.firstElementChild, state = document.getElementById('state');
const { opens, closes } = stage.dataset;
let steps = [], ahead_ms = 0, is_open = document.querySelector('[data-live]').dataset.state === 'open';

const server_now = () => Date.now() + ahead_ms;

async function fetch_digits() {
	if (!is_open) return;
	try {
		const reply = await fetch('code.json', { cache: 'no-cache' });
		if (!reply.ok) return;
		const date = Date.parse(reply.headers.get('Date'));
		if (date) ahead_ms = date - Date.now();
		const code = await reply.json(), until = Date.parse(code.valid_until), step_ms = code.step_s * 1000;
		steps = [[code.digits, until], [code.next_digits, until + step_ms]];
		bar.max = code.step_s;
	} catch { /* what we have goes on to its end */ }
}

function show_digits() {
	const step = is_open && steps.find(([, until]) => server_now() < until);
	digits.hidden = left.hidden = !step;
	if (!step) return;
	const [first, second] = digits.querySelectorAll('b');
	if (first.textContent + second.textContent !== step[0]) {
		first.textContent = step[0].slice(0, 3);
		second.textContent = step[0].slice(3);
	}
	bar.value = Math.ceil((step[1] - server_now()) / 1000);
}

document.addEventListener('live-state', ({ detail }) => {
	is_open = detail.state === 'open';
	state.textContent = {
		scheduled: `Check-in opens at ${opens}`,
		open: `Open until ${closes}`,
		closed: `Check-in closed at ${closes}`,
		cancelled: 'Cancelled',
	}[detail.state];
	fetch_digits().then(show_digits);
});

// A tab that was asleep, a step that ended, a file that was not there yet: one poll each five seconds serves all.
setInterval(fetch_digits, 5000);
setInterval(show_digits, 500);
fetch_digits().then(show_digits);

const full = document.getElementById('full'), poster = document.getElementById('print');
function toggle_full() {
	if (document.fullscreenElement) document.exitFullscreen();
	else document.documentElement.requestFullscreen();
}
full.hidden = !document.fullscreenEnabled;
full.addEventListener('click', toggle_full);
poster.hidden = false;
poster.addEventListener('click', () => print());
addEventListener('keydown', (event) => {
	if (event.key.toLowerCase() === 'f' && !event.ctrlKey && !event.metaKey && !event.altKey && document.fullscreenEnabled) toggle_full();
});

let rest;
addEventListener('pointermove', () => {
	document.documentElement.classList.remove('still');
	clearTimeout(rest);
	rest = setTimeout(() => document.documentElement.classList.add('still'), 3000);
});

async function stay_awake() {
	try { if (!document.hidden) await navigator.wakeLock?.request('screen'); } catch { /* low battery: the system decides */ }
}
document.addEventListener('visibilitychange', stay_awake);
stay_awake();
