using System.Text;

namespace Ostler.Tasks;

/// <summary>What a task has begun to print on either stream, and has not ended yet.</summary>
internal sealed class PartialLines
{
    public readonly StringBuilder StandardOutput = new(), StandardError = new();

    public StringBuilder Of(string source) => source == "stderr" ? StandardError : StandardOutput;
}
