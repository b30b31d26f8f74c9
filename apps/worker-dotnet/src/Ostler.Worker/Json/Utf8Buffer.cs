using System;
using Ostler.Protocol;

namespace Ostler.Json;

/// <summary>JSON on its way out, as UTF-8.</summary>
internal sealed class Utf8Buffer
{
    private const string Hex = "0123456789abcdef";

    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => new(_bytes, 0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > 1 << 20) _bytes = new byte[256];
    }

    public void Ascii(char letter)
    {
        Reserve(1);
        _bytes[_length++] = (byte)letter;
    }

    public void Ascii(string text)
    {
        Reserve(text.Length);
        foreach (var letter in text) _bytes[_length++] = (byte)letter;
    }

    /// <summary>A JSON string; half a surrogate pair is written as its escape.</summary>
    public void String(string text)
    {
        Reserve(6 * text.Length + 2);
        _bytes[_length++] = (byte)'"';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is >= ' ' and < '\x7f' and not ('"' or '\\')) _bytes[_length++] = (byte)letter;
            else if (letter < '\x80') Escape(letter);
            else if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) Letters(text, at++, 2);
            else if (char.IsSurrogate(letter)) Unicode(letter);
            else Letters(text, at, 1);
        }
        _bytes[_length++] = (byte)'"';
    }

    private void Letters(string text, int at, int count) => _length += Utf8.Strict.GetBytes(text, at, count, _bytes, _length);

    private void Escape(char letter)
    {
        var name = letter switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => '\0' };
        if (letter == '\x7f')
        {
            _bytes[_length++] = (byte)letter;
            return;
        }
        if (name == '\0')
        {
            Unicode(letter);
            return;
        }
        _bytes[_length++] = (byte)'\\';
        _bytes[_length++] = (byte)name;
    }

    private void Unicode(char letter)
    {
        _bytes[_length++] = (byte)'\\';
        _bytes[_length++] = (byte)'u';
        for (var shift = 12; shift >= 0; shift -= 4) _bytes[_length++] = (byte)Hex[letter >> shift & 15];
    }

    private void Reserve(int count)
    {
        if (_length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
    }
}
