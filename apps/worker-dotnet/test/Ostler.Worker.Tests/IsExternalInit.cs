#if NETFRAMEWORK
namespace System.Runtime.CompilerServices;

/// <summary>What the compiler wants for records, and .NET Framework does not have.</summary>
internal static class IsExternalInit;
#endif
