namespace Ostler;

/// <summary>An exception whose name is part of the protocol.</summary>
internal interface IProtocolError
{
    string ErrorName { get; }
}
