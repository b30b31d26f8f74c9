using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ostler.Json;

/// <summary>
/// Reads JSON (RFC 8259) into null, bool, double, string, List&lt;object?&gt; and Dictionary&lt;string, object?&gt;.
/// What is no JSON is a FormatException.
/// </summary>
internal sealed class JsonReader
{
    private const int MaxDepth = 1_000;

    private readonly string _text;
    private int _at;

    private JsonReader(string text) => _text = text;

    public static object? Read(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.Value(0);
        reader.SkipSpace();
        return reader._at == text.Length ? value : throw reader.Unexpected();
    }

    private object? Value(int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"JSON is nested deeper than {MaxDepth} levels");
        SkipSpace();
        switch (Current)
        {
            case '{': return Members(depth);
            case '[': return Items(depth);
            case '"': return String();
            case 't': return Word("true", true);
            case 'f': return Word("false", false);
            case 'n': return Word("null", null);
            default: return Number();
        }
    }

    private Dictionary<string, object?> Members(int depth)
    {
        var members = new Dictionary<string, object?>();
        if (IsEmpty('}')) return members;
        do
        {
            SkipSpace();
            var key = String();
            SkipSpace();
            Expect(':');
            members[key] = Value(depth + 1);
        }
        while (GoesOn('}'));
        return members;
    }

    private List<object?> Items(int depth)
    {
        var items = new List<object?>();
        if (IsEmpty(']')) return items;
        do items.Add(Value(depth + 1));
        while (GoesOn(']'));
        return items;
    }

    private bool IsEmpty(char end)
    {
        _at++;
        SkipSpace();
        if (Current != end) return false;
        _at++;
        return true;
    }

    /// <summary>Takes the comma before another item, or the end.</summary>
    private bool GoesOn(char end)
    {
        SkipSpace();
        if (Current == end)
        {
            _at++;
            return false;
        }
        Expect(',');
        return true;
    }

    private string String()
    {
        Expect('"');
        var start = _at;
        while (Current is not ('"' or '\\')) SkipPlain();
        if (Current == '"') return _text.Substring(start, _at++ - start);
        var text = new StringBuilder(_text, start, _at - start, Math.Max(16, 2 * (_at - start)));
        while (Current != '"')
        {
            if (Current == '\\') text.Append(Escaped());
            else text.Append(SkipPlain());
        }
        _at++;
        return text.ToString();
    }

    private char SkipPlain()
    {
        if (Current < ' ') throw Unexpected();
        return _text[_at++];
    }

    private char Escaped()
    {
        _at++;
        var letter = Current;
        _at++;
        switch (letter)
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '"' or '\\' or '/': return letter;
            case 'u' when _at + 4 <= _text.Length && IsHex(_text, _at):
                _at += 4;
                return (char)int.Parse(_text.Substring(_at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            default:
                _at--;
                throw Unexpected();
        }
    }

    private static bool IsHex(string text, int at)
    {
        for (var end = at + 4; at < end; at++)
        {
            if (text[at] is not (>= '0' and <= '9' or >= 'a' and <= 'f' or >= 'A' and <= 'F')) return false;
        }
        return true;
    }

    private object Number()
    {
        var start = _at;
        if (Current == '-') _at++;
        if (Current == '0') _at++;
        else Digits();
        var isInteger = true;
        if (Current == '.')
        {
            isInteger = false;
            _at++;
            Digits();
        }
        if (Current is 'e' or 'E')
        {
            isInteger = false;
            _at++;
            if (Current is '+' or '-') _at++;
            Digits();
        }
        var digits = _text.Substring(start, _at - start);
        if (isInteger && digits.Length < 16 && digits != "-0") return (double)long.Parse(digits, CultureInfo.InvariantCulture);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsInfinity(number)
            ? number
            : throw new FormatException($"the number {digits} is too large");
    }

    private void Digits()
    {
        if (Current is < '0' or > '9') throw Unexpected();
        while (Current is >= '0' and <= '9') _at++;
    }

    private object? Word(string word, object? value)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Unexpected();
        _at += word.Length;
        return value;
    }

    private void Expect(char expected)
    {
        if (Current != expected) throw Unexpected();
        _at++;
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\n' or '\r') _at++;
    }

    /// <summary>U+0000 at the end, which JSON has nowhere.</summary>
    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private FormatException Unexpected() => new(
        _at < _text.Length ? $"not JSON: unexpected U+{(int)_text[_at]:X4} at character {_at}" : "not JSON: it ends too early");
}
