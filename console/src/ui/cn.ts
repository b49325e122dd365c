import { type ClassValue, clsx } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Joins class names. A later Tailwind class overrides earlier classes for the same property. */
export const cn = (...classes: ClassValue[]): string => twMerge(clsx(classes));
