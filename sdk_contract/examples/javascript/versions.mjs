// Chapter 5.5: versions.

/** 5.5.1 */
export function paddedVersion(value) {
  const written = typeof value === "number" ? String(value) : value;
  const version = typeof written === "string" && written !== "" ? written : "0";
  const pieces = version.replace(/^v|\+.*$/g, "").split(/[-.]/);
  if (pieces.length === 3) pieces.push("~");
  return pieces.map((piece) => (/^[0-9]+$/.test(piece) ? piece.padStart(5) : piece)).join("-");
}

/** 5.5.2 */
export function compareVersions(left, right) {
  const [a, b] = [paddedVersion(left), paddedVersion(right)];
  return a < b ? -1 : Number(a > b);
}
