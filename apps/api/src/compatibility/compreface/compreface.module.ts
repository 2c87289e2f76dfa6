import { Module } from '@nestjs/common';
import { ComparisonModule } from '../../comparison/comparison.module.js';
import { CompreFaceController } from './compreface.controller.js';

@Module({ imports: [ComparisonModule], controllers: [CompreFaceController] })
export class CompreFaceModule {}
