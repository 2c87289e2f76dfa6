/** The shape of a DTO without its class: what is sent is an object literal. */
export type Plain<Dto> = Pick<Dto, keyof Dto>;

/** The optional fields of a request, where one that is left out may be undefined. */
export type Fields<Dto> = { readonly [Field in keyof Dto]?: Dto[Field] | undefined };
