using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>What Twilio, or somebody else, posted and was refused.</summary>
public sealed partial class WebhooksPage
{
    private WebhookQuery _query = new();

    [SupplyParameterFromQuery] public string? Verdict { get; set; }

    [SupplyParameterFromQuery] public string? Path { get; set; }

    [SupplyParameterFromQuery] public string? Since { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [Inject] public required WebhooksModel Model { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    protected override Task OnParametersSetAsync()
    {
        _query = new() { Verdict = Given(Verdict), Path = Given(Path), Days = new(Given(Since), Given(From), Given(To)) };
        return ReadAsync(cancel => Model.LoadAsync(_query.ToFilter(Clock), WebhookCursor.Parse(Before), WebhookCursor.Parse(After), cancel));
    }

    private void Filter(WebhookQuery query) => Navigation.NavigateTo(Navigation.Search(new()
    {
        ["verdict"] = query.Verdict,
        ["path"] = query.Path,
        ["since"] = query.Days.Since,
        ["from"] = query.Days.From,
        ["to"] = query.Days.To,
    }));

    private string PageTo(string direction, WebhookLine line) => Navigation.Page(direction, line.Cursor.ToString());

    private bool IsToday(DateTimeOffset at) => Clock.ToLocal(at).Date == Clock.Now.Date;
}
