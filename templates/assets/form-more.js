// SPDX-License-Identifier: ISC
// form-more.js: what only some runs ask for: names of a closed list, where the phone is, taking back, checking out. form.js loads it.

const LETTERS = 3, WHERE_MS = 8000;
let position = 'ignored';

// Names of the list that begin as what is typed, three letters at least; the server never lists others.
function suggest_names(name, list, suggest) {
	let asked = '', timer;
	name.addEventListener('input', () => {
		const words = name.value.trim();
		clearTimeout(timer);
		if (words.length < LETTERS || words === asked) return;
		timer = setTimeout(async () => {
			asked = words;
			const answer = await suggest(words);
			if (words !== name.value.trim() || !answer?.reply?.names) return;
			list.replaceChildren(...answer.reply.names.map((one) => Object.assign(document.createElement('option'), { value: one })));
		}, 200);
	});
}

export function prepare({ of, is_list, name, part, suggest }) {
	({ position } = of);
	if (is_list) suggest_names(name, part('names'), suggest);
	part('where').hidden = position === 'ignored';
	part('where').textContent = part('where').dataset[position === 'refused' ? 'must' : 'may'];
}

// Where the phone is, as the fields of a check-in; none when it may not or cannot say.
export function where() {
	if (position === 'ignored' || !navigator.geolocation) return {};
	return new Promise((done) => navigator.geolocation.getCurrentPosition(({ coords }) => done({ latitude: coords.latitude, longitude: coords.longitude,
		accuracy_m: coords.accuracy }), () => done({}), { enableHighAccuracy: true, timeout: WHERE_MS, maximumAge: 30000 }));
}

// Undo for a minute, check-out where the run has it.
export function offer({ offered, part, ask, start }) {
	const undo = part('undo'), leave = part('leave');
	for (const each of [undo, leave]) each.textContent = each.dataset.text;
	undo.hidden = !offered.undo;
	leave.hidden = !offered.leave;
	if (offered.undo) setTimeout(() => { undo.hidden = true; }, 60000);
	undo.onclick = async () => {
		const answer = await ask('undo');
		if (answer?.reply?.success) start(answer.reply.message);
		else part('told').textContent = answer?.reply?.message ?? undo.dataset.failed;
	};
	leave.onclick = async () => {
		const answer = await ask('check-out');
		leave.hidden = answer?.reply?.success === true;
		undo.hidden ||= leave.hidden;
		part('told').textContent = answer?.reply?.message ?? leave.dataset.failed;
	};
}
