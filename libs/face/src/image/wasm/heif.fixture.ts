/** An HEVC picture as stored in a HEIC: the decoder configuration and the coded data. */
export interface CodedPicture {
  readonly configuration: Uint8Array;
  readonly data: Uint8Array;
}

/** The properties of a HEIC. */
export interface HeifOptions {
  /** The size that it claims ("ispe"). */
  readonly width: number;
  readonly height: number;
  /** Quarter turns anticlockwise ("irot"). */
  readonly turns?: number;
  /** Swaps top and bottom (0) or left and right (1) ("imir"). */
  readonly mirror?: 0 | 1;
  /** Repeats the coded picture as tiles. */
  readonly grid?: { readonly columns: number; readonly rows: number };
  readonly brands?: readonly string[];
}

/** The coded picture of a HEIC with one item of one extent, as written by heif-enc. */
export function codedPicture(heic: Buffer): CodedPicture {
  const configuration = heic.indexOf('hvcC') - 4;
  const data = heic.indexOf('mdat') + 4;
  return {
    configuration: heic.subarray(configuration, configuration + heic.readUInt32BE(configuration)),
    data: heic.subarray(data),
  };
}

const uint = (value: number, bytes: 1 | 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

function box(name: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([uint(8 + body.length, 4), Buffer.from(name, 'latin1'), body]);
}

const fullBox = (name: string, version: number, ...content: Uint8Array[]): Buffer =>
  box(name, uint(version * 2 ** 24, 4), ...content);

const imageSize = (width: number, height: number): Buffer => fullBox('ispe', 0, uint(width, 4), uint(height, 4));

/** Writes a HEIC (ISO/IEC 23008-12): one picture, or a grid of tiles that share their data. */
export function heif({ configuration, data }: CodedPicture, options: HeifOptions): Buffer {
  const { width, height, turns, mirror, grid, brands = ['heic', 'mif1'] } = options;
  const tiles = grid === undefined ? 1 : grid.columns * grid.rows;
  const first = grid === undefined ? 1 : 2;
  const items = Array.from({ length: tiles }, (_, i) => first + i);
  const properties = [
    Buffer.from(configuration),
    grid === undefined ? imageSize(width, height) : imageSize(width / grid.columns, height / grid.rows),
    imageSize(width, height),
    ...(turns === undefined ? [] : [box('irot', uint(turns, 1))]),
    ...(mirror === undefined ? [] : [box('imir', uint(mirror, 1))]),
  ];
  const transforms = properties.slice(3).map((_, i) => 4 + i);
  const associate = (item: number, indices: readonly number[]): Buffer =>
    Buffer.concat([uint(item, 2), uint(indices.length, 1), ...indices.map((index) => uint(0x80 | index, 1))]);
  const associations = [
    ...(grid === undefined ? [] : [associate(1, [3, ...transforms])]),
    ...items.map((item) => associate(item, grid === undefined ? [1, 2, ...transforms] : [1, 2])),
  ];
  const information = (item: number, type: string): Buffer =>
    fullBox('infe', 2, uint(item, 2), uint(0, 2), Buffer.from(`${type}\0`, 'latin1'));
  const infos = [
    ...(grid === undefined ? [] : [information(1, 'grid')]),
    ...items.map((item) => information(item, 'hvc1')),
  ];
  const layout = Buffer.concat([
    uint(1, 2),
    uint((grid?.rows ?? 1) - 1, 1),
    uint((grid?.columns ?? 1) - 1, 1),
    uint(width, 4),
    uint(height, 4),
  ]);
  const locate = (item: number, inside: 0 | 1, start: number, length: number): Buffer =>
    Buffer.concat([uint(item, 2), uint(inside, 2), uint(0, 2), uint(1, 2), uint(start, 4), uint(length, 4)]);
  const type = box('ftyp', Buffer.from(brands[0]), uint(0, 4), ...brands.map((brand) => Buffer.from(brand)));
  const meta = (start: number): Buffer => {
    const places = [
      ...(grid === undefined ? [] : [locate(1, 1, 0, layout.length)]),
      ...items.map((item) => locate(item, 0, start, data.length)),
    ];
    return fullBox(
      'meta',
      0,
      fullBox('hdlr', 0, uint(0, 4), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, uint(1, 2)),
      fullBox('iloc', 1, uint(0x4400, 2), uint(places.length, 2), ...places),
      fullBox('iinf', 0, uint(infos.length, 2), ...infos),
      ...(grid === undefined
        ? []
        : [fullBox('iref', 0, box('dimg', uint(1, 2), uint(tiles, 2), ...items.map((item) => uint(item, 2))))]),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, uint(associations.length, 4), ...associations)),
      ...(grid === undefined ? [] : [box('idat', layout)]),
    );
  };
  const start = type.length + meta(0).length + 8;
  return Buffer.concat([type, meta(start), box('mdat', data)]);
}
