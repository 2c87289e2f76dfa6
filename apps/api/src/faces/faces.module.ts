import { Module } from '@nestjs/common';
import { FacesController } from './faces.controller.js';
import { FacesService } from './faces.service.js';

@Module({ controllers: [FacesController], providers: [FacesService] })
export class FacesModule {}
