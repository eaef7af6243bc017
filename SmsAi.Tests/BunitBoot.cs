using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SmsAi.Tests;

/// <summary>Lets bUnit find the AngleSharp.Diffing beside the tests, which is older than the one it was built against.</summary>
internal static class BunitBoot
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The test runner owns the entry point, and the first test may already need the assembly.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "probe", "AngleSharp.Diffing.dll"))
            : null;
}
