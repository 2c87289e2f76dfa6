import type { Type } from '@nestjs/common';
import type { CompatibleProduct } from '../config/settings-spec.js';
import { CompreFaceModule } from './compreface/compreface.module.js';
import { DeepFaceModule } from './deepface/deepface.module.js';

/** The module of each product. */
const MODULES: Readonly<Record<CompatibleProduct, Type<object>>> = {
  compreface: CompreFaceModule,
  deepface: DeepFaceModule,
};

/** The modules of the products whose clients are served. */
export const compatibilityModules = (products: readonly CompatibleProduct[]): Type<object>[] =>
  products.map((product) => MODULES[product]);
