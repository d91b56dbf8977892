export const SQL_ELSEWHERE: readonly string[];
