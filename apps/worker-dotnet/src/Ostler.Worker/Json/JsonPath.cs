using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ostler.Json;

/// <summary>The way to the value that is being written, as a JSON Pointer (RFC 6901) when somebody asks.</summary>
internal sealed class JsonPath
{
    private readonly List<(string? Key, int Index)> _steps = new();

    public int Depth => _steps.Count;

    public void Enter() => _steps.Add((null, 0));
    public void At(string key) => _steps[_steps.Count - 1] = (key, 0);
    public void At(int index) => _steps[_steps.Count - 1] = (null, index);
    public void Leave() => _steps.RemoveAt(_steps.Count - 1);
    public void Clear() => _steps.Clear();

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, index) in _steps)
        {
            text.Append('/').Append(key?.Replace("~", "~0").Replace("/", "~1") ?? index.ToString(CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
