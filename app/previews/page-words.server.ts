// What only our own pages say to a shopper, in the widget's six languages; everything else is the theme's own words.
// [shop] and [days] are filled where they are known.

/** The words of the page of an order line's link. */
export interface PageWords {
  title: string;
  lead: string;
  stepSend: string;
  button: string;
  nextTitle: string;
  next: readonly string[];
  noScript: string;
  done: readonly [title: string, text: string];
  used: readonly [title: string, text: string];
  over: readonly [title: string, text: string];
  broken: readonly [title: string, text: string];
  /** In place of the widget's sentences that speak of a cart or of other sizes. */
  say: Record<
    | "add_missing"
    | "add_look"
    | "add_ready"
    | "not_yet"
    | "too_small"
    | "not_offered"
    | "expired"
    | "privacy_days",
    string
  >;
}

const en: PageWords = {
  title: "Add your photo",
  lead: "You bought this at [shop]. It is made from a photo of yours, and that is still missing.",
  stepSend: "Send it",
  button: "Send this picture",
  nextTitle: "What happens next",
  next: [
    "You see your photo as a painting and choose the look you like.",
    "Your kit is made from exactly the picture you send. There is nothing more to pay.",
    "Your order goes on by itself. [shop] tells you when it is on its way.",
  ],
  noScript: "This page needs JavaScript. Switch it on, or ask [shop] how else to send your photo.",
  done: [
    "Thank you!",
    "Your picture is with your order, and your kit is made from it. You can close this page.",
  ],
  used: [
    "Your picture is already with your order",
    "It was sent with this link, and your order goes on by itself. There is nothing more to do. Should it be another picture, write to [shop] soon.",
  ],
  over: [
    "This link is over",
    "It is too old, or your order needs no photo any more. If it still waits for one, ask [shop] for a new link.",
  ],
  broken: [
    "This link is not complete",
    "A part of it is missing or was changed on its way. Open it once more from the shop’s message, or ask the shop to send it again.",
  ],
  say: {
    add_missing: "Add a photo and choose a look, then send it.",
    add_look: "Choose a look, then send it.",
    add_ready: "Ready. Send this picture to have your kit made from it.",
    not_yet: "Your picture is not ready yet. Send it when it is.",
    too_small:
      "This photo is {{ width }} × {{ height }} pixels. For {{ size }} we need about {{ min_width }} × {{ min_height }}. Choose a larger photo.",
    not_offered: "We cannot take a photo for this product right now. Please ask the shop.",
    expired:
      "Your previews are too old, or a picture was already sent with this link. Load the page again to see.",
    privacy_days: "It is deleted [days] after your kit has arrived; two weeks are counted for its way.",
  },
};

const de: PageWords = {
  title: "Foto hinzufügen",
  lead: "Das hast du bei [shop] gekauft. Es wird aus einem Foto von dir gemacht, und das fehlt noch.",
  stepSend: "Absenden",
  button: "Dieses Bild senden",
  nextTitle: "So geht es weiter",
  next: [
    "Du siehst dein Foto als Gemälde und wählst den Stil, der dir gefällt.",
    "Dein Set wird aus genau dem Bild gemacht, das du sendest. Du zahlst nichts weiter.",
    "Deine Bestellung läuft von selbst weiter. [shop] sagt dir, wenn sie unterwegs ist.",
  ],
  noScript: "Diese Seite braucht JavaScript. Schalte es ein oder frage [shop] nach einem anderen Weg.",
  done: [
    "Danke!",
    "Dein Bild gehört jetzt zu deiner Bestellung, und dein Set wird daraus gemacht. Du kannst diese Seite schließen.",
  ],
  used: [
    "Dein Bild gehört schon zu deiner Bestellung",
    "Es wurde mit diesem Link gesendet, und deine Bestellung läuft von selbst weiter. Soll es ein anderes sein, schreib bald an [shop].",
  ],
  over: [
    "Dieser Link gilt nicht mehr",
    "Er ist zu alt, oder deine Bestellung braucht kein Foto mehr. Wartet sie noch, bitte [shop] um einen neuen Link.",
  ],
  broken: [
    "Dieser Link ist nicht vollständig",
    "Ein Teil fehlt oder wurde unterwegs verändert. Öffne ihn noch einmal aus der Nachricht des Shops oder bitte den Shop, ihn erneut zu senden.",
  ],
  say: {
    add_missing: "Füge ein Foto hinzu und wähle einen Stil, dann sende es ab.",
    add_look: "Wähle einen Stil, dann sende das Bild ab.",
    add_ready: "Fertig. Sende dieses Bild, damit dein Set daraus gemacht wird.",
    not_yet: "Dein Bild ist noch nicht fertig. Sende es danach ab.",
    too_small:
      "Dieses Foto hat {{ width }} × {{ height }} Pixel. Für {{ size }} brauchen wir etwa {{ min_width }} × {{ min_height }}. Wähle ein größeres Foto.",
    not_offered: "Für dieses Produkt können wir gerade kein Foto annehmen. Bitte frage den Shop.",
    expired:
      "Deine Vorschau ist zu alt, oder mit diesem Link wurde schon ein Bild gesendet. Lade die Seite neu.",
    privacy_days:
      "Es wird [days] nach der Ankunft deines Sets gelöscht; für den Weg rechnen wir zwei Wochen.",
  },
};

const fr: PageWords = {
  title: "Ajoutez votre photo",
  lead: "Vous avez acheté ceci chez [shop]. C’est fait à partir de votre photo, et elle manque encore.",
  stepSend: "Envoyer",
  button: "Envoyer cette image",
  nextTitle: "La suite",
  next: [
    "Vous voyez votre photo en peinture et choisissez le style qui vous plaît.",
    "Votre kit est fait exactement de l’image envoyée. Il n’y a rien de plus à payer.",
    "Votre commande continue d’elle-même. [shop] vous prévient quand elle est en route.",
  ],
  noScript: "Cette page a besoin de JavaScript. Activez-le ou demandez à [shop] un autre moyen.",
  done: [
    "Merci !",
    "Votre image est jointe à votre commande et votre kit en est fait. Vous pouvez fermer cette page.",
  ],
  used: [
    "Votre image est déjà jointe à votre commande",
    "Elle a été envoyée avec ce lien et votre commande continue d’elle-même. Pour en changer, écrivez vite à [shop].",
  ],
  over: [
    "Ce lien n’est plus valable",
    "Il est trop ancien, ou votre commande n’a plus besoin de photo. Si elle en attend une, demandez un nouveau lien à [shop].",
  ],
  broken: [
    "Ce lien n’est pas complet",
    "Une partie manque ou a été modifiée. Ouvrez-le à nouveau depuis le message de la boutique, ou demandez-lui de le renvoyer.",
  ],
  say: {
    add_missing: "Ajoutez une photo et choisissez un style, puis envoyez.",
    add_look: "Choisissez un style, puis envoyez.",
    add_ready: "C’est prêt. Envoyez cette image pour qu’on en fasse votre kit.",
    not_yet: "Votre image n’est pas encore prête. Envoyez-la dès qu’elle l’est.",
    too_small:
      "Cette photo fait {{ width }} × {{ height }} pixels. Pour {{ size }}, il en faut environ {{ min_width }} × {{ min_height }}. Choisissez une photo plus grande.",
    not_offered: "Nous ne pouvons pas prendre de photo pour ce produit. Demandez à la boutique.",
    expired:
      "Vos aperçus sont trop anciens, ou une image a déjà été envoyée avec ce lien. Rechargez la page.",
    privacy_days:
      "Elle est supprimée [days] après l’arrivée de votre kit ; nous comptons deux semaines pour son trajet.",
  },
};

const es: PageWords = {
  title: "Añade tu foto",
  lead: "Compraste esto en [shop]. Se hace con una foto tuya, y todavía falta.",
  stepSend: "Enviar",
  button: "Enviar esta imagen",
  nextTitle: "Qué pasa después",
  next: [
    "Ves tu foto como pintura y eliges el estilo que te gusta.",
    "Tu kit se hace exactamente con la imagen que envías. No hay nada más que pagar.",
    "Tu pedido sigue solo. [shop] te avisa cuando esté en camino.",
  ],
  noScript: "Esta página necesita JavaScript. Actívalo o pregunta a [shop] por otra manera.",
  done: ["¡Gracias!", "Tu imagen ya está en tu pedido y tu kit se hace con ella. Puedes cerrar esta página."],
  used: [
    "Tu imagen ya está en tu pedido",
    "Se envió con este enlace y tu pedido sigue solo. Si debe ser otra, escribe pronto a [shop].",
  ],
  over: [
    "Este enlace ya no es válido",
    "Es demasiado antiguo o tu pedido ya no necesita foto. Si todavía la espera, pide a [shop] un enlace nuevo.",
  ],
  broken: [
    "Este enlace no está completo",
    "Falta una parte o cambió en el camino. Ábrelo otra vez desde el mensaje de la tienda o pide que te lo envíen de nuevo.",
  ],
  say: {
    add_missing: "Añade una foto y elige un estilo; después, envíala.",
    add_look: "Elige un estilo; después, envíala.",
    add_ready: "Listo. Envía esta imagen para que hagamos tu kit con ella.",
    not_yet: "Tu imagen aún no está lista. Envíala cuando lo esté.",
    too_small:
      "Esta foto tiene {{ width }} × {{ height }} píxeles. Para {{ size }} necesitamos unos {{ min_width }} × {{ min_height }}. Elige una foto más grande.",
    not_offered: "Ahora no podemos aceptar una foto para este producto. Pregunta a la tienda.",
    expired:
      "Tus vistas previas son antiguas o ya se envió una imagen con este enlace. Vuelve a cargar la página.",
    privacy_days: "Se borra [days] después de que llegue tu kit; contamos dos semanas para el envío.",
  },
};

const ja: PageWords = {
  title: "写真を追加",
  lead: "[shop] でご購入の商品です。お客様の写真から作りますが、まだ写真がありません。",
  stepSend: "送信する",
  button: "この画像を送信",
  nextTitle: "このあとの流れ",
  next: [
    "写真が絵になった様子を見て、好きなスタイルを選びます。",
    "送信した画像そのままでキットを作ります。追加のお支払いはありません。",
    "ご注文は自動的に進みます。発送時に [shop] からお知らせします。",
  ],
  noScript: "このページには JavaScript が必要です。有効にするか、[shop] に別の方法をお問い合わせください。",
  done: [
    "ありがとうございます",
    "画像はご注文に追加され、その画像でキットを作ります。このページは閉じて構いません。",
  ],
  used: [
    "画像はすでにご注文に追加されています",
    "このリンクから送信済みで、ご注文は自動的に進みます。変更したい場合は、お早めに [shop] へご連絡ください。",
  ],
  over: [
    "このリンクは無効になりました",
    "期限が切れたか、写真が不要になりました。まだ必要な場合は、[shop] に新しいリンクをご依頼ください。",
  ],
  broken: [
    "リンクが不完全です",
    "一部が欠けているか、変わっています。ショップのメッセージからもう一度開くか、再送をご依頼ください。",
  ],
  say: {
    add_missing: "写真を追加してスタイルを選んでから、送信してください。",
    add_look: "スタイルを選んでから、送信してください。",
    add_ready: "準備ができました。この画像を送信してください。",
    not_yet: "画像の準備がまだできていません。できてから送信してください。",
    too_small:
      "この写真は {{ width }} × {{ height }} ピクセルです。{{ size }} には約 {{ min_width }} × {{ min_height }} が必要です。より大きい写真を選んでください。",
    not_offered: "現在この商品の写真を受け付けられません。ショップにお問い合わせください。",
    expired: "プレビューの期限が切れたか、このリンクからすでに送信済みです。ページを再読み込みしてください。",
    privacy_days: "キットの到着から[days]後に削除します（配送に2週間を見込みます）。",
  },
};

const ar: PageWords = {
  title: "أضف صورتك",
  lead: "اشتريت هذا من [shop]. يُصنع من صورة لك، وهي ما زالت ناقصة.",
  stepSend: "أرسلها",
  button: "أرسل هذه الصورة",
  nextTitle: "ماذا بعد ذلك",
  next: [
    "ترى صورتك لوحةً وتختار الأسلوب الذي يعجبك.",
    "يُصنع طقمك من الصورة التي ترسلها نفسها. لا شيء آخر للدفع.",
    "يتابع طلبك سيره وحده. يخبرك [shop] حين يكون في الطريق.",
  ],
  noScript: "تحتاج هذه الصفحة إلى JavaScript. شغّله أو اسأل [shop] عن طريقة أخرى.",
  done: ["شكرًا لك!", "أُضيفت صورتك إلى طلبك ويُصنع طقمك منها. يمكنك إغلاق هذه الصفحة."],
  used: [
    "صورتك موجودة في طلبك",
    "أُرسلت بهذا الرابط، ويتابع طلبك سيره وحده. إن أردت صورة أخرى فاكتب إلى [shop] قريبًا.",
  ],
  over: [
    "لم يعد هذا الرابط صالحًا",
    "إما أنه قديم أو أن طلبك لم يعد يحتاج إلى صورة. إن كان ما زال ينتظر فاطلب رابطًا جديدًا من [shop].",
  ],
  broken: [
    "هذا الرابط غير كامل",
    "جزء منه ناقص أو تغيّر. افتحه مرة أخرى من رسالة المتجر أو اطلب إرساله من جديد.",
  ],
  say: {
    add_missing: "أضف صورة واختر أسلوبًا، ثم أرسلها.",
    add_look: "اختر أسلوبًا، ثم أرسلها.",
    add_ready: "جاهزة. أرسل هذه الصورة ليُصنع طقمك منها.",
    not_yet: "صورتك ليست جاهزة بعد. أرسلها حين تجهز.",
    too_small:
      "هذه الصورة {{ width }} × {{ height }} بكسل. نحتاج لمقاس {{ size }} إلى نحو {{ min_width }} × {{ min_height }}. اختر صورة أكبر.",
    not_offered: "لا يمكننا أخذ صورة لهذا المنتج الآن. اسأل المتجر.",
    expired: "معايناتك قديمة أو أُرسلت صورة بهذا الرابط من قبل. أعد تحميل الصفحة.",
    privacy_days: "تُحذف بعد [days] من وصول طقمك، ونحسب أسبوعين للطريق.",
  },
};

const all: Record<string, PageWords> = { en, de, fr, es, ja, ar };

/** The first language of a browser that we speak, by its Accept-Language header. */
export function languageOf(header: string | null): string {
  const wished = (header ?? "").split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return wished.find((language) => Object.hasOwn(all, language)) ?? "en";
}

/** The words of a language, English when we do not speak it. */
export function wordsOfPage(language: string): PageWords {
  return all[language] ?? en;
}
