// Follows the README's "Apollo Client" in one module.
/* global client, data, gql */
export const user = () => data.me.name;

const query = gql`
  query {
    me {
      name
    }
  }
`;
export const get = (url, signal) => client.query({ query, fetchPolicy: "no-cache", context: { fetchOptions: { signal } } });

const mutation = gql`
  mutation ($item: String) {
    me(item: $item) {
      name
    }
  }
`;
export const post = async (url, order) => Boolean((await client.mutate({ mutation, variables: order })).data.me);

/** It has no error of its own for this. */
export const isAbort = (error, reason) => error === reason;
