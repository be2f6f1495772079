// SPDX-License-Identifier: ISC
// form.js: the check-in form, in place. Remembers the name, reads the code from the address (…/R/#CODE), sends until there
// is an answer, and says "you are in" only when the server did. Without it the form is sent and answered by pages.

const form = document.getElementById('form'), press = document.getElementById('press');
const name = form.elements.runner_name, typed = form.elements.code;
// Words that only a script can keep are not in the page: a browser without scripts may ignore "hidden".
const part = (id) => document.getElementById(id);
const NAME = 'turnout-name', PENDING = 'turnout-pending';
let code = '', is_sending = false;

// Storage may be forbidden; then the phone just does not remember.
function keep(store, key, value) {
	try {
		if (value === null) window[store].removeItem(key);
		else window[store].setItem(key, value);
	} catch { /* nothing kept */ }
}
function recall(store, key) {
	try { return window[store].getItem(key); } catch { return null; }
}

// One nonce for one name and code until it is answered, so that whatever is sent twice counts once.
function nonce_for(what) {
	const old = JSON.parse(recall('sessionStorage', PENDING) ?? 'null');
	if (old?.what === what) return old.nonce;
	const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
	keep('sessionStorage', PENDING, JSON.stringify({ what, nonce }));
	return nonce;
}

function read_code() {
	const found = /^#?([0-9A-Za-z]{26}|[0-9A-Za-z]{10})$/.exec(location.hash);
	code = found ? found[1].toUpperCase() : '';
	part('typed').hidden = typed.disabled = code !== '';
	part('for').textContent = '';
	if (code) show_run();
}

// The code in the address is of no use: ask for one to be typed.
function ask_code() {
	code = '';
	part('typed').hidden = typed.disabled = false;
}
const is_about_code = (reply) => /^code_|^run_unknown$/.test(reply.code);

async function show_run() {
	const asked = code;
	try {
		const reply = await (await fetch(new URL(`qr/validate/${asked}`, form.action))).json();
		if (asked !== code || is_sending) return;
		if (reply.run) part('for').textContent = `${named(reply.run)}: ${when(reply.run)}`;
		if (reply.valid === false && reply.message) {
			if (is_about_code(reply)) ask_code();
			refuse(reply.message, code ? name : typed);
		}
	} catch { /* the form works without */ }
}

function named(run) {
	return [run.title, run.group !== run.title && run.group].filter(Boolean).join(', ');
}

function when(run) {
	const lang = document.documentElement.lang;
	const day = new Date(`${run.date}T12:00:00Z`).toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
	return `${day}, ${run.start}${run.end ? ` to ${run.end}` : ''}`;
}

function show_known() {
	part('known').hidden = !name.value || name.value !== recall('localStorage', NAME);
	part('forget').textContent = `Not ${name.value}? Change`;
}

function refuse(message, field = name) {
	part('refusal').textContent = message;
	for (const each of [name, typed]) each.removeAttribute('aria-invalid');
	if (message) field.setAttribute('aria-invalid', 'true');
}

function busy(is_busy) {
	is_sending = is_busy;
	press.setAttribute('aria-disabled', is_busy);
	press.textContent = is_busy ? 'Checking in …' : 'Check in';
	name.readOnly = typed.readOnly = is_busy;
	if (!is_busy) part('wait').textContent = '';
}

// Ask once. An answer is {status, reply}; null means none came.
async function ask(body) {
	const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 15000);
	try {
		const response = await fetch(form.action, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal: stop.signal });
		return { status: response.status, after: Number(response.headers.get('Retry-After')), reply: await response.json() };
	} catch {
		return null;
	} finally {
		clearTimeout(limit);
	}
}

// Wait, counting down; back in the network means at once.
async function pause(seconds, why) {
	for (let left = Math.ceil(seconds); left > 0; left--) {
		part('wait').textContent = `${why}: trying again in ${left} s. You don't need to press.`;
		const is_back = await new Promise((done) => {
			const timer = setTimeout(() => { removeEventListener('online', on_line); done(false); }, 1000);
			const on_line = () => { clearTimeout(timer); done(true); };
			addEventListener('online', on_line, { once: true });
		});
		if (is_back) break;
	}
	part('wait').textContent = 'Trying again …';
}

async function send() {
	const data = { code: code || typed.value.trim(), runner_name: name.value.trim() };
	const body = JSON.stringify({ ...data, nonce: nonce_for(JSON.stringify(data)) });
	refuse('');
	busy(true);
	for (let failures = 0; ; failures++) {
		const answer = await ask(body);
		if (answer?.reply?.success) { busy(false); return succeed(answer.reply, data.runner_name); }
		if (answer && ![408, 429, 503].includes(answer.status) && answer.reply?.message) {
			keep('sessionStorage', PENDING, answer.status >= 500 ? recall('sessionStorage', PENDING) : null);
			busy(false);
			const is_code = is_about_code(answer.reply);
			if (is_code) ask_code();
			refuse(answer.reply.message, is_code ? typed : name);
			return;
		}
		const why = !answer ? 'No answer yet' : answer.status === 429 || !answer.reply?.message || answer.reply.code === 'slow_down' ? 'Busy'
			: answer.reply.message.replace(/[.!]$/, '');
		await pause(Math.max(answer?.after || 0, Math.min(30, 2 ** failures) * (0.75 + Math.random() / 2)), why);
	}
}

function succeed(reply, sent_name) {
	keep('sessionStorage', PENDING, null);
	keep('localStorage', NAME, sent_name);
	const run = reply.run ?? {};
	part('run').textContent = named(run);
	part('place').textContent = reply.place || '✓';
	part('name').textContent = reply.runner_name ?? sent_name;
	part('time').textContent = [run.date && when(run), reply.time && `in at ${reply.time}`].filter(Boolean).join(' · ');
	part('told').textContent = reply.place ? `You are number ${reply.place}.` : reply.message ?? '';
	if (run.address) part('way').href = new URL(`../${run.address}`, form.action);
	form.hidden = true;
	part('head').textContent = 'You are in';
	part('done').hidden = false;
	document.title = `You are in: ${named(run)}`;
	part('done').focus();
	scrollTo(0, 0);
}

form.addEventListener('submit', (event) => {
	event.preventDefault();
	if (!is_sending) send();
});
part('forget').addEventListener('click', () => {
	keep('localStorage', NAME, null);
	name.value = '';
	show_known();
	name.focus();
});
part('again').addEventListener('click', () => {
	part('done').hidden = true;
	part('head').textContent = document.title = 'Check in';
	form.hidden = false;
	name.value = '';
	show_known();
	name.focus();
});
name.addEventListener('input', () => { show_known(); refuse(''); });
addEventListener('hashchange', read_code);
part('way').textContent = 'See who is here';
part('again').textContent = 'Check in somebody else';
name.value ||= recall('localStorage', NAME) ?? '';
show_known();
read_code();
