import type { EmbedderInput } from '../embedding/embedder.js';
import type { CropOptions, CropRule } from './crop-rule.js';
import type { FaceCropper } from './face-cropper.js';
import { LevelSquareCropper } from './level-square-cropper.js';
import { PaddedBoxCropper } from './padded-box-cropper.js';

const CROPPERS: Readonly<Record<CropRule, (options: CropOptions, input: EmbedderInput) => FaceCropper>> = {
  square: ({ margins }, input) => new LevelSquareCropper(margins, input),
  reference: (_, input) => new PaddedBoxCropper(input),
};

/** The cropper for a rule. @param input the embedder's input format */
export const faceCropper = (options: CropOptions, input: EmbedderInput): FaceCropper =>
  CROPPERS[options.rule](options, input);
