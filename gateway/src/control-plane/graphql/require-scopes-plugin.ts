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
 * Deny by default: a root field, or an object type with a field, that says nothing about who may
 * reach it makes the schema fail to build. Root types do not count as having said anything.
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
        `${parent.name}.${fieldConfig.name} does not say who may reach it. ` +
          `Give the field${onRoot ? '' : ' or its type'} authScopes.`,
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
