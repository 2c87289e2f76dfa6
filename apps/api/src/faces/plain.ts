/** The shape of a DTO without its class: what is sent is an object literal. */
export type Plain<Dto> = Pick<Dto, keyof Dto>;
