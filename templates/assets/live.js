// SPDX-License-Identifier: ISC
// live.js: keeps each [data-live] up to date by polling its small JSON file. Pages work without it.
// A number never goes back: what has a lower sequence than what is shown is old news from a cache on the way.
// What it says stands in data-* of the box, {seconds} and {count} to be filled in. Tells the rest of the page by an event "live" on the element, its detail being the file.

const VISIBLE_MS = 3000, HIDDEN_MS = 30000, LONGEST_MS = 60000, QUIET_MS = 10000;

function follow(box) {
	const number = box.querySelector('.n'), age = box.querySelector('.age'), say = box.querySelector('.say');
	let sequence = Number(box.dataset.sequence), failures = 0, heard = Date.now(), said = 0;
	let count = Number(number.textContent), spoken = count, is_polling = false, timer;

	function show(live) {
		if (live.sequence < sequence) return;
		if (live.sequence > sequence && live.count !== count) {
			count = live.count;
			number.textContent = count;
			number.classList.remove('up');
			requestAnimationFrame(() => number.classList.add('up'));
		}
		sequence = live.sequence;
		if (live.state !== box.dataset.state) {
			box.dataset.state = live.state;
			box.dispatchEvent(new CustomEvent('live-state', { bubbles: true, detail: live }));
		}
		box.dispatchEvent(new CustomEvent('live', { bubbles: true, detail: live }));
	}

	async function poll() {
		if (is_polling) return;
		is_polling = true;
		clearTimeout(timer);
		const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 10000);
		try {
			const reply = await fetch(box.dataset.live, { cache: 'no-cache', signal: stop.signal });
			if (!reply.ok) throw new Error(reply.status);
			show(await reply.json());
			heard = Date.now();
			failures = 0;
		} catch {
			failures++;
		}
		clearTimeout(limit);
		is_polling = false;
		const steady = document.hidden ? HIDDEN_MS : VISIBLE_MS;
		const wait = failures ? Math.min(LONGEST_MS, steady * 2 ** failures) * (0.5 + Math.random() / 2) : steady;
		timer = setTimeout(poll, wait);
	}

	setInterval(() => {
		const seconds = Math.round((Date.now() - heard) / 1000);
		age.textContent = failures && seconds >= 10 ? box.dataset.old.replace('{seconds}', seconds) : '';
		if (count !== spoken && Date.now() - said >= QUIET_MS) {
			say.textContent = box.dataset.count.replace('{count}', count);
			spoken = count;
			said = Date.now();
		}
	}, 1000);
	addEventListener('online', poll);
	document.addEventListener('visibilitychange', () => document.hidden || poll());
	poll();
}

document.querySelectorAll('[data-live]').forEach(follow);

// A public page whose run opened or closed has more to change than a number: it offers itself again.
document.addEventListener('live-state', (event) => {
	if (document.body.classList.contains('screen')) return;
	const link = event.target.querySelector('.again') ?? document.createElement('a');
	link.href = '';
	link.className = 'again';
	link.textContent = event.target.dataset[event.detail.state === 'open' ? 'opened' : 'changed'];
	event.target.append(link);
});
