import { Module } from '@nestjs/common';
import { ComparisonModule } from '../../comparison/comparison.module.js';
import { DeepFaceController } from './deepface.controller.js';

@Module({ imports: [ComparisonModule], controllers: [DeepFaceController] })
export class DeepFaceModule {}
