import { Module } from '@nestjs/common';
import { ComparisonController } from './comparison.controller.js';
import { ComparisonService } from './comparison.service.js';
import { ManyController } from './many/many.controller.js';
import { ManyService } from './many/many.service.js';

@Module({
  controllers: [ComparisonController, ManyController],
  providers: [ComparisonService, ManyService],
  exports: [ComparisonService],
})
export class ComparisonModule {}
