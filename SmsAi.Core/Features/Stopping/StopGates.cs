using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Stop all: nothing leaves, whatever it is. A missing row stops too.</summary>
public sealed class KillGate : ISendGate
{
    public string Name => Switch.Kill;

    public string Condition => "exists (select from controls s where s.name = 'kill' and not s.stopped)";
}

/// <summary>A pause holds everything but what a person sends herself and the pause's own notice.</summary>
public sealed class PauseGate : ISendGate
{
    public string Name => Switch.Pause;

    public string Condition =>
        "o.kind in ('manual', 'pause_notice') or exists (select from controls s where s.name = 'pause' and (not s.stopped or s.until <= clock_timestamp()))";
}

/// <summary>Model off holds the apology too: it would only tell people what an operator chose to do silently.</summary>
public sealed class ModelOffGate : ISendGate
{
    public string Name => Switch.Ai;

    public string Condition =>
        "o.kind <> 'apology' or exists (select from controls s where s.name = 'ai' and (not s.stopped or s.until <= clock_timestamp()))";
}
