import SchemaBuilder, {
  BasePlugin,
  PothosSchemaError,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';

const pluginName = 'requireScopes';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Pothos plugins declare themselves
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      requireScopes: RequireScopesPlugin<Types>;
    }
  }
}

/**
 * Denies access by default: the schema cannot be built if a root field, or a field of an object type, declares no
 * authScopes and its type declares none either. The authScopes of root types do not count.
 */
class RequireScopesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): PothosOutputFieldConfig<Types> {
    const parent = this.buildCache.getTypeConfig(fieldConfig.parentType);
    const onRoot = parent.kind === 'Query' || parent.kind === 'Mutation';
    const typeSays = !onRoot && saysScopes(parent.pothosOptions);
    if (!typeSays && !saysScopes(fieldConfig.pothosOptions)) {
      throw new PothosSchemaError(
        `${parent.name}.${fieldConfig.name} has no authScopes. ` +
          `Add authScopes to the field${onRoot ? '' : ' or its type'}.`,
      );
    }
    return fieldConfig;
  }
}

function saysScopes(options: object): boolean {
  return 'authScopes' in options && options.authScopes !== undefined;
}

SchemaBuilder.registerPlugin(pluginName, RequireScopesPlugin);

export default pluginName;
