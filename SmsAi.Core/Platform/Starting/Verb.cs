namespace SmsAi.Core.Platform.Starting;

/// <summary>A command of the program itself, such as <c>kill</c>: run instead of the host, beside one that may be running. Slices register theirs as singletons.</summary>
/// <param name="Usage">How it is written, with its arguments.</param>
/// <param name="RunAsync">Gets the services, the arguments after the name and where to write to; gives the exit code.</param>
public sealed record Verb(string Name, string Usage, Func<IServiceProvider, string[], TextWriter, CancellationToken, Task<int>> RunAsync);
