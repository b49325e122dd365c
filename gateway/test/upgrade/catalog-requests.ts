import type { Request } from './client.ts';
import type { StoredData } from './stored-data.ts';

/** Returns requests to the catalog's API. Their responses contain values of every scalar type. */
export function catalogRequests({ catalog, keys }: StoredData): readonly Request[] {
  const asking = (name: string, query: string): Request => ({
    name,
    send: (client) => client.project(catalog.ref, keys.catalog.secret, query),
  });
  return [
    asking('every scalar', everyScalar),
    asking('products by filters', filteredProducts),
    asking('figures of products', productFigures),
    { ...asking('a serial that exists', duplicateSerial), refusal: 'UNIQUE_VIOLATION' },
    {
      name: 'schema.graphql of the catalog',
      send: (client) => client.printedSchema(catalog.ref, keys.catalog.secret),
    },
  ];
}

const everyScalar = /* GraphQL */ `
  {
    products(orderBy: [{ sku: ASC }], first: 5) {
      nodes {
        id
        sku
        name
        stock
        weight
        discontinued
        serial
        price
        availableAt
        madeOn
        details
        vendorId
        color
        tags
        sizes
        prices
        serials
        colors
        label {
          id
          text
          product {
            sku
          }
        }
      }
    }
  }
`;

const filteredProducts = /* GraphQL */ `
  {
    byPrice: products(where: { price: { eq: "9.990" } }, orderBy: [{ stock: DESC }]) {
      nodes {
        sku
      }
    }
    bySerial: product(where: { serial: "9223372036854775807" }) {
      sku
    }
    byMoment: products(where: { availableAt: { lte: "1849-05-01T12:34:56.789Z" } }) {
      nodes {
        sku
      }
    }
    withoutColor: products(where: { color: { isNull: true } }) {
      nodes {
        sku
      }
    }
    byLabel: products(where: { label: { text: { startsWith: "Handle" } } }) {
      nodes {
        sku
      }
    }
  }
`;

const productFigures = /* GraphQL */ `
  {
    products {
      aggregate {
        count
        sum {
          stock
          price
          weight
          serial
        }
        min {
          price
          madeOn
        }
        max {
          serial
          availableAt
        }
      }
    }
  }
`;

const duplicateSerial = /* GraphQL */ `
  mutation {
    createProduct(data: { sku: "copy", serial: "9223372036854775807" }) {
      id
    }
  }
`;
