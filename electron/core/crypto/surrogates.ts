/** True where the text holds half a surrogate pair, which has no UTF-8 of its own. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Cs}/u.test(text);
