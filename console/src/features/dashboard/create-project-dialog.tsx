import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { NameAndSlugForm } from '#console/components/name-and-slug-form.tsx';
import { queryKeys } from '#console/domain/query-keys.ts';
import { Button } from '#console/ui/button.tsx';
import { Dialog, DialogFooter } from '#console/ui/dialog.tsx';
import { toast } from '#console/ui/toast.ts';

import { createProject } from './dashboard.queries.ts';

interface CreateProjectDialogProps {
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function CreateProjectDialog({
  organization,
  isOpen,
  onOpenChange,
}: CreateProjectDialogProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const create = async (input: { name: string; slug?: string }) => {
    const { ref, name } = await createProject({ organizationId: organization.id, ...input });
    toast.success(`${name} created.`);
    // Do not refetch now: the current page would show the new project just before the page closes.
    void queryClient.invalidateQueries({
      queryKey: queryKeys.organization.projects(organization.slug),
      refetchType: 'none',
    });
    await navigate({ to: '/projects/$ref', params: { ref } });
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={onOpenChange}
      title="New project"
      description={`Creates a project in ${organization.name} with its own tables, GraphQL API and keys.`}
    >
      <NameAndSlugForm
        namePlaceholder="Web shop"
        slugHelp="A short name that is unique within the organization. You can change it later."
        onSubmit={create}
        footer={(isSubmitting) => (
          <DialogFooter>
            <Button onClick={() => onOpenChange(false)}>Cancel</Button>
            <Button type="submit" variant="primary" isLoading={isSubmitting}>
              Create project
            </Button>
          </DialogFooter>
        )}
      />
    </Dialog>
  );
}
