using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Bunit;

namespace SmsAi.Tests;

/// <summary>
/// Lets bUnit find the AngleSharp.Diffing beside the tests, which is older than the one it was built against, and gives every test of a page
/// the patience of a busy machine.
/// </summary>
internal static class BunitBoot
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The test runner owns the entry point, and the first test may already need the assembly.")]
    internal static void Register()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        // Replicas with fault points load the tests too, as a hook, and know no bUnit.
        if (Assembly.GetEntryAssembly() == typeof(BunitBoot).Assembly)
            BePatient();
    }

    // On its own: bUnit is loaded when this is compiled, and needs the line above by then.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BePatient() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(60);

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "probe", "AngleSharp.Diffing.dll"))
            : null;
}
