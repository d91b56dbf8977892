/** Meaning of a colour. `danger` is for danger and what is past due, nothing else. */
export type Tone = 'neutral' | 'primary' | 'due' | 'danger' | 'digital' | 'care' | 'verified';
