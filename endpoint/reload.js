// SPDX-License-Identifier: ISC
// reload.js: a page follows the work on its templates. `turnoutd --reload` alone serves this script and names it in
// pages on their way out; published files never do. It asks for a small file that `turnout watch --serve` writes after
// each publish, loads the page again when the number in it moved on, and shows what is wrong with the templates.

const VISIBLE_MS = 500, LONGEST_MS = 8000, REPLY_MS = 5000;
const { number } = document.querySelector('script[src="/reload.js"]').dataset;
let box, timer, failures = 0, isAsking = false;

// By properties, one by one: the Content-Security-Policy forbids style sheets and attributes that are not the site's.
function makeBox() {
	const made = document.createElement('p');
	made.setAttribute('role', 'alert');
	Object.assign(made.style, {
		position: 'fixed', inset: 'auto 0 0 0', zIndex: '2147483647', margin: '0', padding: '1rem', boxSizing: 'border-box',
		maxHeight: '50vh', overflow: 'auto', maxWidth: 'none', font: '1rem/1.5 system-ui, sans-serif', textAlign: 'left',
		overflowWrap: 'anywhere', color: '#fff', background: '#8a0f1c', borderTop: '3px solid #fff',
	});
	made.tabIndex = 0;
	document.body.append(made);
	return made;
}

function show(error) {
	if (error === '') {
		box?.remove();
		box = undefined;
		return;
	}
	box ??= makeBox();
	if (box.textContent !== error) box.textContent = error;
}

async function ask() {
	if (isAsking || document.hidden) return;
	isAsking = true;
	clearTimeout(timer);
	try {
		const reply = await fetch('/reload.json', { cache: 'no-store', signal: AbortSignal.timeout(REPLY_MS) });
		if (!reply.ok) throw new Error(reply.status);
		const news = await reply.json();
		if (String(news.number) !== number) {
			location.reload();
			return;
		}
		show(news.error);
		failures = 0;
	} catch {
		failures++;
	}
	isAsking = false;
	timer = setTimeout(ask, Math.min(LONGEST_MS, VISIBLE_MS * 2 ** failures));
}

document.addEventListener('visibilitychange', ask);
ask();
