using SmsAi.Core.Features.SystemCheck;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>The last run of all checks.</summary>
public sealed class SystemCheckModel(SystemChecks checks, TimeProvider time)
{
    /// <summary>Null before the first run has ended.</summary>
    public IReadOnlyList<CheckResult>? Results { get; private set; }

    public bool IsRunning { get; private set; }

    public DateTimeOffset? RanAt { get; private set; }

    public TimeSpan Took { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        if (IsRunning)
            return;
        IsRunning = true;
        try
        {
            var began = time.GetTimestamp();
            Results = await checks.RunAsync(cancel);
            (Took, RanAt) = (time.GetElapsedTime(began), time.GetUtcNow());
        }
        finally
        {
            IsRunning = false;
        }
    }
}
