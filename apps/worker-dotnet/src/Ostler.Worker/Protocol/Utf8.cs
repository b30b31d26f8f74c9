using System;
using System.Text;

namespace Ostler.Protocol;

/// <summary>Text as bytes. Bytes that are no UTF-8 are refused with an ArgumentException.</summary>
internal static class Utf8
{
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>For text that may hold half a surrogate pair, where a mark in its place does no harm.</summary>
    public static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false);

    public static unsafe string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        fixed (byte* start = bytes) return Strict.GetString(start, bytes.Length);
    }
}
