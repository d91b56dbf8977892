export const target = 'http://127.0.0.1:9';
