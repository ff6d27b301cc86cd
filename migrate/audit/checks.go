package audit

// Checks lists every check, in the order in which they run. The last one tells
// what the others could not judge.
func Checks() []Check {
	return []Check{
		databaseSingle, loadBalancerSingle, webSingle, sessionStoreSingle, searchSingle, mediaStoreSingle, pairOnOneHost,
		clusterWithoutHA, clusterWithoutDRS, clusterNoSpareHost, diskOnLocalDatastore,
		sessionsOnWeb, schedulerOnSeveral, noRecoverySite, hostClock,
		cpuCampaign, memoryCampaign, cpuOvercommit, memoryOvercommit, memoryReclaimed, limitForgotten,
		diskNearlyFull, datastoreFull, datastoreOvercommit, campaignErrors, accessEvents,
		overProvisioned, idleServer, zombieVM, poweredOff, orphanVM, orphanDisk,
		backupMissing, backupStale, snapshotOld, consolidationNeeded, mediaOnWebDisk, mediaOnDatabaseDisk,
		diskIndependent, diskShared, diskRaw, diskLarge, changeRate,
		hardwareVersionUnsupported, hardwareVersionOld, os32Bit, toolsNotRunning, adapterOld,
		businessServiceOnShopServer, environmentsMixed, environmentsShareNetwork,
		osEndOfLife, softwareEndOfLife, hypervisorEndOfLife, licenceOracle, licenceMicrosoft,
		adminPortInternet, clearTextAdmin, databaseFromDMZ, replicationBetweenSites, dnsSingle, timeSingle,
		duplicateAddress, duplicateUUID, addressMissing, dependencyOutside,
		ownerUnknown, monitoringMissing, flowsMissing, contradictions,
		notJudged,
	}
}
