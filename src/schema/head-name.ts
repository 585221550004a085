/** `L3H5`, zero-based. */
export function headName(layer: number, head: number): string {
  return `L${layer}H${head}`;
}
