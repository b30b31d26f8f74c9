using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ostler.Json;

/// <summary>Writes values of any type as JSON; bytes anywhere in them become attachments. Throws a JsonValueException.</summary>
internal sealed class JsonWriter
{
    private const int MaxDepth = 500;

    private readonly Utf8Buffer _out = new();
    private readonly JsonPath _path = new();
    private readonly List<object> _parents = new();
    private readonly List<(byte[] Path, ReadOnlyMemory<byte> Content)> _attachments = new();

    public ReadOnlySpan<byte> Json => _out.Written;
    public IReadOnlyList<(byte[] Path, ReadOnlyMemory<byte> Content)> Attachments => _attachments;

    public void Clear()
    {
        _out.Clear();
        _path.Clear();
        _parents.Clear();
        _attachments.Clear();
    }

    public void Write(object? value)
    {
        switch (value)
        {
            case null: _out.Ascii("null"); break;
            case string text: _out.String(text); break;
            case bool truth: _out.Ascii(truth ? "true" : "false"); break;
            case JsonValue json: Write(json.Node); break;
            case byte[] bytes: Attach(bytes); break;
            case ReadOnlyMemory<byte> bytes: Attach(bytes); break;
            case Memory<byte> bytes: Attach(bytes); break;
            case ArraySegment<byte> bytes: Attach(bytes); break;
            case Delegate or Type or IntPtr or UIntPtr: throw Refuse($"a value of type {value.GetType().Name}");
            default:
                if (!TryNumber(value) && !TryText(value)) Container(value);
                break;
        }
    }

    private bool TryNumber(object value)
    {
        try
        {
            if (value is Enum || JsonNumber.Digits(value) is not { } digits) return false;
            _out.Ascii(digits);
            return true;
        }
        catch (FormatException problem)
        {
            throw Refuse(problem.Message);
        }
    }

    /// <summary>Types that have one usual form as text, which <see cref="JsonBinder"/> reads.</summary>
    private bool TryText(object value)
    {
        var text = value switch
        {
            Enum or Guid or char => value.ToString(),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            Uri uri => uri.OriginalString,
            Version version => version.ToString(),
            _ => null,
        };
        if (text != null) _out.String(text);
        return text != null;
    }

    private void Container(object value)
    {
        if (_path.Depth == MaxDepth) throw Refuse("more than 500 levels");
        foreach (var parent in _parents)
        {
            if (ReferenceEquals(parent, value)) throw Refuse("a circular reference");
        }
        _parents.Add(value);
        _path.Enter();
        if (value is IDictionary<string, object?> plain) Members(plain);
        else if (value is IDictionary members) Members(members);
        else if (value is IEnumerable items) Items(items);
        else Properties(value);
        _path.Leave();
        _parents.RemoveAt(_parents.Count - 1);
    }

    private void Members(IDictionary<string, object?> members)
    {
        var separator = '{';
        foreach (var member in members) Member(ref separator, member.Key, member.Value);
        Close(separator, '{', '}');
    }

    private void Members(IDictionary members)
    {
        var separator = '{';
        foreach (DictionaryEntry member in members)
        {
            var key = member.Key as string ?? (member.Key is Enum or Guid or int or long
                ? Convert.ToString(member.Key, CultureInfo.InvariantCulture)
                : throw Refuse($"a key of type {member.Key.GetType().Name}"));
            Member(ref separator, key!, member.Value);
        }
        Close(separator, '{', '}');
    }

    private void Properties(object value)
    {
        var separator = '{';
        foreach (var property in TypeShape.Of(value.GetType()).Readable) Member(ref separator, property.Name, property.Get(value));
        Close(separator, '{', '}');
    }

    private void Member(ref char separator, string key, object? value)
    {
        _out.Ascii(separator);
        separator = ',';
        _out.String(key);
        _out.Ascii(':');
        _path.At(key);
        Write(value);
    }

    private void Items(IEnumerable items)
    {
        var (separator, index) = ('[', 0);
        foreach (var item in items)
        {
            _out.Ascii(separator);
            separator = ',';
            _path.At(index++);
            Write(item);
        }
        Close(separator, '[', ']');
    }

    private void Close(char separator, char open, char end)
    {
        if (separator == open) _out.Ascii(open);
        _out.Ascii(end);
    }

    private void Attach(ReadOnlyMemory<byte> content)
    {
        var path = _path.ToString();
        try
        {
            _attachments.Add((Protocol.Utf8.Strict.GetBytes(path), content));
        }
        catch (EncoderFallbackException)
        {
            throw Refuse("bytes behind a key that is not Unicode text");
        }
        _out.Ascii("null");
    }

    private JsonValueException Refuse(string what) => new(_path.ToString(), what);
}
