import { describe, expect, it } from 'vitest';
import { parsePythonJson } from '../../../src/engine/python-json.ts';
import { codeOf } from '../error-code.ts';

describe('parsePythonJson', () => {
  it.each([
    ['{"limit": [0.0, Infinity]}', { limit: [0, Infinity] }],
    ['{"limit": [-Infinity, {"__float__": "Infinity"}]}', { limit: [-Infinity, Infinity] }],
    ['{"name": "Infinity \\" Infinity", "x": 1}', { name: 'Infinity " Infinity', x: 1 }],
    ['{"a": {"__float__": "other"}}', { a: { __float__: 'other' } }],
    ['[1, {"b": null}]', [1, { b: null }]],
  ])('%s', (text, value) => {
    expect(parsePythonJson(text, 'config.json')).toEqual(value);
  });

  it('refuses what is no JSON in Python either', () => {
    expect(codeOf(() => parsePythonJson('{"a": Infinit}', 'config.json'))).toBe('json-invalid');
    expect(codeOf(() => parsePythonJson('{"a": Infinity', 'config.json'))).toBe('json-invalid');
  });
});
