/** A few words, in the corner, of what was done. */
export { toast } from 'sonner';
