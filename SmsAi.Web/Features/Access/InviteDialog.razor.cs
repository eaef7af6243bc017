using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Shell.SecurityHeaders;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Invites somebody by a link that works once.</summary>
public sealed partial class InviteDialog
{
    private string _label = "";
    private string _role = OperatorRoles.Operator;
    private string? _labelFault;
    private string? _fault;
    private string? _link;
    private bool _mayOwner;
    private bool _isWorking;

    [Inject] public required AccessDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IOptions<PublicAddress> Public { get; init; }

    public static async Task OpenAsync(DialogService dialogs) => await dialogs.OpenAsync<InviteDialog>("Invite somebody", null, DialogShape.Small);

    protected override async Task OnInitializedAsync() => _mayOwner = (await Desk.MeAsync()).Role == OperatorRoles.Owner;

    private async Task MakeAsync()
    {
        _fault = null;
        _labelFault = _label.Trim().Length == 0 ? "Say whom the link is for." : null;
        if (_isWorking || _labelFault is not null) return;
        _isWorking = true;
        try
        {
            string? token = null;
            if (!await StepUpDialog.GuardAsync(Dialogs, async () => token = await Desk.InviteAsync(_role, _label, CancellationToken.None))) return;
            if (token is null) _fault = "Only an owner invites owners.";
            else _link = new Uri(Public.Value.Url ?? new Uri(Navigation.BaseUri), "join#" + token).AbsoluteUri;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "No link was made: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "No link was made: only an admin invites.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
