using Microsoft.AspNetCore.Components;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Database;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Pipeline.Ledger;

/// <summary>One stream of the ledger read again, from a version on.</summary>
public sealed partial class LedgerPage
{
    private const int PageSize = 200;

    private List<LedgerEvent> _events = [];
    private bool _more;
    private string? _fault;

    [Parameter] public long Stream { get; set; }

    [SupplyParameterFromQuery(Name = "from")] public string? FromVersion { get; set; }

    [Inject] public required LedgerReplay Replay { get; init; }

    private long From => Math.Max(1, Number(FromVersion) ?? 1);

    protected override async Task OnParametersSetAsync()
    {
        try
        {
            var events = new List<LedgerEvent>(PageSize + 1);
            await foreach (var step in Replay.ReadAsync(Stream, From))
            {
                events.Add(step);
                if (events.Count > PageSize)
                    break;
            }

            _more = events.Count > PageSize;
            _events = _more ? events[..PageSize] : events;
            _fault = null;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "The database doesn't answer. Reload to try again.";
        }
    }

    private string PathOf(long from) => $"ledger/{Stream}?from={from}";
}
