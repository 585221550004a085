/** Raised when a graph comes to give other values for the same checkpoint and ids: it is part of every cache key. */
export const ENGINE_VERSION = 3;
